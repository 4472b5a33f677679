/**
 * The base class of every error that Daruma makes.
 *
 * Invariants:
 * - `message` is complete: what happened, what was expected, what came, what to do, the code;
 * - text from users appears in it with its control characters escaped;
 * - the class name is on the prototype, as a text, so that a minifier does not change it and the stack shows it.
 */
import { catalogue, type ErrorCode } from "./error-catalog.ts";
import { errorToJson } from "./error-json.ts";
import { printableLines } from "./printable.ts";

/** What every error of Daruma can say. Absent and `undefined` are the same. */
export interface DarumaErrorOptions {
  /** One or two sentences: what happened, with the name of the thing. */
  readonly message: string;
  /** The thing that the error is about: a name, an id, an option. */
  readonly subject?: string | undefined;
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  /** What to do. Default: the catalogue's advice for the code. */
  readonly fix?: string | undefined;
  readonly cause?: unknown;
  /** Data for programs, kept when the error is stored (if it is a payload). */
  readonly details?: unknown;
}

function compose(code: ErrorCode, options: DarumaErrorOptions): string {
  const lines = [options.message];
  if (options.expected !== undefined) lines.push(`  expected: ${options.expected}`);
  if (options.found !== undefined) lines.push(`  found: ${options.found}`);
  lines.push(`  fix: ${options.fix ?? catalogue[code].fix} (${code})`);
  return printableLines(lines.join("\n"));
}

/** Gives a class its name as a property of its prototype. */
export function nameClass(target: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(target.prototype, "name", { value: name, writable: true, configurable: true });
}

/** Sets the fields that are not undefined as own properties of the error. */
export function setFields(error: Error, fields: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) Object.assign(error, { [key]: value });
  }
}

/** An error of Daruma: a code of the catalogue, a complete message, and the parts of the message as fields. */
export class DarumaError extends Error {
  declare readonly code: ErrorCode;
  declare readonly subject?: string;
  declare readonly expected?: string;
  declare readonly found?: string;
  declare readonly fix: string;
  declare readonly details?: unknown;

  static {
    nameClass(this, "DarumaError");
  }

  constructor(code: ErrorCode, options: DarumaErrorOptions) {
    super(compose(code, options), options.cause === undefined ? undefined : { cause: options.cause });
    const { subject, expected, found, fix = catalogue[code].fix, details } = options;
    setFields(this, { code, subject, expected, found, fix, details });
  }

  /** Name, message and all fields as plain data, for logs and `--json`. The stack is left out. */
  toJSON(): Record<string, unknown> {
    return errorToJson(this);
  }
}
