/** A start by name: whoever asked has no schema and no default time limit, so both come from the definition that is here. */
import type { BackendStart } from "../client/backend.ts";
import { durationMs } from "../core/duration.ts";
import { decodePayload, encodePayload } from "../core/payload.ts";
import { checkInput } from "../workflow/schema.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";

/** The start as the workflow wants it; unchanged if that was done already, or nothing is known of the workflow. @throws InvalidInputError */
export async function completed(
  request: BackendStart,
  workflow: AnyWorkflow | undefined,
): Promise<BackendStart> {
  if (request.checked || workflow === undefined) return request;
  const { input: schema, timeout } = workflow.options;
  const timeoutMs = request.timeoutMs ?? (timeout === undefined ? undefined : durationMs(timeout, "timeout"));
  if (schema === undefined) return { ...request, timeoutMs, checked: true };
  const before = request.input === undefined ? undefined : decodePayload(request.input);
  const value = await checkInput(schema, before, workflow.name);
  const subject = `the input of workflow ${workflow.name}`;
  const input = value === undefined ? undefined : encodePayload(value, { subject });
  return { ...request, input, timeoutMs, checked: true };
}
