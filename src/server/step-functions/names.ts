/** Names that are given to state machines, executions and activities, and texts that must be JSON. */
import { layoutOf } from "../../notations/asl/check/json-text.ts";
import { ApiError, validationError } from "./api-error.ts";

/** White space, brackets, wildcards, special and control characters, surrogates (API Reference, CreateStateMachine, `name`). */
// oxlint-disable-next-line no-control-regex -- they are what is forbidden
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001F\u007F-\u009F\uD800-\uDFFF\uFFFE\uFFFF]/;

/** @throws ApiError InvalidName */
export function checkName(name: string): void {
  if (forbidden.test(name)) throw new ApiError("InvalidName", `Invalid Name: '${name}'`);
}

/** @throws ApiError InvalidArn: no ARN of a role */
export function checkRole(arn: string): void {
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/u.test(arn))
    throw new ApiError("InvalidArn", `Invalid Role Arn: '${arn}'`);
}

/** What is wrong with a text that should be JSON, in AWS's words; undefined: it is JSON. */
export function jsonProblem(text: string): string | undefined {
  return layoutOf(text).problem?.message;
}

/** AWS's limit of data that goes in or out. */
const dataLength = 262_144;

/** @throws ApiError ValidationException: longer than AWS takes */
export function checkLength(field: string, text: string): void {
  if (text.length <= dataLength) return;
  throw validationError(
    `1 validation error detected: Value '${text}' at '${field}' failed to satisfy constraint: Member must have length less than or equal to ${dataLength}`,
  );
}
