/** What AWS answers to a definition that it does not take. */
import { quotedText } from "./names.ts";
import type { Diagnostic } from "./report.ts";

/** The message of the error InvalidDefinition, of CreateStateMachine, UpdateStateMachine and TestState. `definition` is shown for bad labels. */
export function invalidDefinition(diagnostics: readonly Diagnostic[], definition?: string): string {
  const errors = diagnostics.filter(({ severity }) => severity === "ERROR");
  const label = errors.find(({ code }) => code === "INVALID_LABEL_NAME");
  if (label !== undefined && definition !== undefined)
    return `Error=ValueError Args=[${quotedText(label.message)}] in definition '${definition}'.`;
  return `Invalid State Machine Definition: '${errors.map(textOf).join(", ")}'`;
}

function textOf({ code, message, pointer }: Diagnostic): string {
  if (code === "INVALID_JSON_DESCRIPTION") return `${code}: ${message}`;
  return `${code}: ${message} at ${pointer === "" ? "null" : pointer}`;
}
