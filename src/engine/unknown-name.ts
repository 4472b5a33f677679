/** The errors for names that nobody has registered. */
import { DarumaError, UnknownWorkflowError } from "../core/errors.ts";

const codes = { query: "DRM-UNKNOWN-QUERY", update: "DRM-UNKNOWN-UPDATE" } as const;

/** `known` are the names that would have been right. */
export function unknownName(
  kind: "workflow" | "query" | "update",
  name: string,
  known: readonly string[],
): DarumaError {
  if (kind === "workflow") return new UnknownWorkflowError({ workflow: name, known });
  return new DarumaError(codes[kind], {
    message: `The workflow answers no ${kind} ${name}.`,
    subject: name,
    expected: known.length === 0 ? undefined : `one of ${known.join(", ")}`,
    found: name,
  });
}
