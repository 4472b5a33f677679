/**
 * Errors as plain data, for logs and `--json`.
 *
 * Invariant: JSON.stringify takes the result, whatever the error carries; circles and long chains of errors are cut.
 */
type Plain = Record<string, unknown>;

/** How many errors inside each other are written. */
const maxDepth = 10;

/** The value, or a text in its place if JSON cannot write it (a bigint, a circle, a getter that throws). */
function writable(value: unknown): unknown {
  try {
    return JSON.stringify(value) === undefined ? undefined : value;
  } catch {
    return "(a value that JSON cannot write)";
  }
}

function itemToJson(value: unknown, around: readonly Error[]): unknown {
  if (value instanceof Error) return errorToJson(value, around);
  const isEntry = typeof value === "object" && value !== null && "error" in value;
  if (!isEntry || !(value.error instanceof Error)) return writable(value);
  return { ...value, error: errorToJson(value.error, around) };
}

/** Errors may be in lists (`errors`) and in the entries of lists (`attempts`). */
function partToJson(value: unknown, around: readonly Error[]): unknown {
  return Array.isArray(value) ? value.map((item) => itemToJson(item, around)) : itemToJson(value, around);
}

/** Name, message, own fields and cause. The stack is left out. `around` are the errors that this one is a part of. */
export function errorToJson(error: Error, around: readonly Error[] = []): Plain {
  const { name, message, cause } = error;
  const plain: Plain = { name, message };
  if (around.length >= maxDepth || around.includes(error)) return plain;
  const parts: [string, unknown][] = Object.entries(error);
  if (cause !== undefined) parts.push(["cause", cause]);
  for (const [key, value] of parts) plain[key] = partToJson(value, [...around, error]);
  return plain;
}
