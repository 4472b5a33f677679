/** Which of the example's errors a provider's error is: quota and permission are permanent; time-outs, overload and answers that are no answers are not. */
import { PermissionError, QuotaExceededError, TransientError, ValidationError } from "../errors.ts";

/** Codes in the body or the headers by which providers say that a quota is used up, whatever the status. */
const quota = /insufficient_quota|quota_?exceeded|billing_hard_limit|out of credits/iu;
const longestMessage = 300;

interface CallError {
  readonly message?: string;
  readonly statusCode?: number;
  readonly responseBody?: string;
  readonly responseHeaders?: Readonly<Record<string, string>>;
}

/** `isCall`: the error is of the package's class for failed calls. What the server said is cut short, and the key is taken out of it. */
export function classify(
  error: unknown,
  { isCall, key }: { readonly isCall: boolean; readonly key: string | undefined },
): Error {
  const call = Object(error) as CallError;
  const plain = call.message ?? String(error);
  const said = (key === undefined ? plain : plain.replaceAll(key, "[key]")).slice(0, longestMessage);
  if (!isCall) return new TransientError(`The model gave no usable answer: ${said}`);
  const status = call.statusCode;
  const where = status === undefined ? "" : ` (HTTP ${status})`;
  if (status === 402 || isQuota(call))
    return new QuotaExceededError(`The model's quota is used up${where}: ${said}`);
  if (status === 401 || status === 403)
    return new PermissionError(`The model endpoint refused the credentials${where}: ${said}`);
  if (isTransient(status)) return new TransientError(`The model endpoint is not available${where}: ${said}`);
  return new ValidationError(`The model endpoint refused the request${where}: ${said}`);
}

function isQuota({ responseBody = "", responseHeaders = {} }: CallError): boolean {
  return quota.test(responseBody) || quota.test(responseHeaders["x-amzn-errortype"] ?? "");
}

/** Not reached, an answer that is none (200), a time-out, a conflict, too many requests, or the server's own fault. */
function isTransient(status: number | undefined): boolean {
  return status === undefined || status < 400 || [408, 409, 425, 429].includes(status) || status >= 500;
}
