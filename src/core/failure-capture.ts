/**
 * From anything that can be thrown to a Failure.
 *
 * Invariants:
 * - it never throws and always ends: not for undefined, a proxy, a getter that throws, a circle of causes;
 * - the result is bounded: 10 levels of causes, 100 errors in all, texts and properties cut.
 */
import { durationMs, type Duration } from "./duration.ts";
import { catalogue, isErrorCode, PayloadError } from "./errors.ts";
import { encodeWith, type Payload } from "./payload-encode.ts";
import { cut, printable } from "./printable.ts";
import { builtinClasses, kindOf } from "./failure-classes.ts";
import { type AttemptFailure, type Failure, reservedProps } from "./failure-types.ts";

const messageLength = 8_192;
const stackLength = 16_384;
const codeLength = 256;
const maxCauses = 10;
const maxErrors = 100;
const maxAttempts = 20;
const maxProps = 50;
const propBytes = 16_384;
const shownLength = 200;

/** `around` are the errors that this one is a part of; `left` is shared by all parts of one failure. */
interface Context {
  readonly around: readonly unknown[];
  readonly left: { errors: number };
  readonly maxBytes: number | undefined;
  /** Inside the failure of an attempt: attempts of attempts are not kept. */
  readonly inAttempt: boolean;
}

type Primitive = undefined | null | boolean | number | bigint | symbol;
type Unsafe = Readonly<Record<string, unknown>>;

function read(object: object, key: string): unknown {
  try {
    return (object as Unsafe)[key];
  } catch {
    return undefined;
  }
}

function readText(object: object, key: string, length: number): string | undefined {
  const value = read(object, key);
  return typeof value === "string" ? cut(value, length) : undefined;
}

/** The value as a payload, or undefined if it cannot be stored. */
function tryEncode(value: unknown, maxBytes: number | undefined, context: Context): Payload | undefined {
  try {
    return encodeWith(value, { maxBytes }, (error) => capture(error, context));
  } catch {
    return undefined;
  }
}

/** Details that cannot be stored are replaced by a text that says why. */
function encodeDetails(details: unknown, context: Context): Payload | undefined {
  if (details === undefined) return undefined;
  try {
    return encodeWith(details, { maxBytes: context.maxBytes, subject: "The error's details" }, (error) =>
      capture(error, context),
    );
  } catch (error) {
    return JSON.stringify(
      error instanceof PayloadError ? error.message : "The error's details cannot be read.",
    );
  }
}

/** Many classes extend Error without setting a name: the name of the class says more than "Error" then. */
function nameOf(error: object): string {
  const name = readText(error, "name", codeLength) ?? "";
  if (name !== "" && name !== "AggregateError" && !builtinClasses.has(name)) return name;
  const constructor = read(error, "constructor");
  const className = typeof constructor === "function" ? readText(constructor, "name", codeLength) : undefined;
  return className === undefined || className === "" || className === "Object" ? name || "Error" : className;
}

function isKeptElsewhere(error: object, key: string, value: unknown): boolean {
  if (key === "code") return typeof value === "string";
  if (key === "errors") return hasParts(error);
  const code = key === "fix" ? read(error, "code") : undefined;
  return isErrorCode(code) && value === catalogue[code].fix;
}

function propsOf(error: object, context: Context): Payload | undefined {
  const parts: string[] = [];
  for (const key of Object.keys(error)) {
    const value = reservedProps.has(key) || parts.length >= maxProps ? undefined : read(error, key);
    if (value === undefined || isKeptElsewhere(error, key, value)) continue;
    const payload = tryEncode(value, propBytes, context);
    if (payload !== undefined) parts.push(`${JSON.stringify(key)}:${payload}`);
  }
  return parts.length === 0 ? undefined : `{${parts.join(",")}}`;
}

function hasParts(error: object): boolean {
  return error instanceof AggregateError || kindOf(error) === "NoQuorumError";
}

function partsOf(error: object, context: Context): Failure[] | undefined {
  const parts: unknown = hasParts(error) ? read(error, "errors") : undefined;
  if (!Array.isArray(parts)) return undefined;
  const kept = parts.slice(0, Math.max(0, context.left.errors)).map((part) => capture(part, context));
  const missing = parts.length - kept.length;
  return missing === 0
    ? kept
    : [...kept, { name: "Error", message: `${missing} more errors were not kept.` }];
}

function causeOf(error: object, context: Context): Failure | undefined {
  const cause = read(error, "cause");
  if (cause === undefined || context.around.includes(cause)) return undefined;
  return context.around.length > maxCauses ? undefined : capture(cause, context);
}

function attemptsOf(error: object, context: Context): AttemptFailure[] | undefined {
  const attempts = kindOf(error) === undefined ? undefined : read(error, "attempts");
  if (!Array.isArray(attempts) || context.inAttempt) return undefined;
  const inside = { ...context, inAttempt: true };
  return (attempts as { attempt: number; time: number; error: unknown }[]).slice(-maxAttempts).map((each) => {
    return { attempt: each.attempt, time: each.time, failure: capture(each.error, inside) };
  });
}

function retryAfterOf(error: object): number | undefined {
  const asked = read(error, "retryAfter");
  if (typeof asked !== "string" && typeof asked !== "number") return undefined;
  try {
    return durationMs(asked satisfies Duration, "retryAfter");
  } catch {
    return undefined;
  }
}

function defined<T extends object>(fields: T): { [Key in keyof T]?: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function captureError(error: object, outer: Context): Failure {
  const context = { ...outer, around: [...outer.around, error] };
  const details = read(error, "details");
  return {
    name: nameOf(error),
    message: readText(error, "message", messageLength) ?? "",
    ...defined({
      stack: readText(error, "stack", stackLength),
      code: readText(error, "code", codeLength),
      kind: kindOf(error),
      cause: causeOf(error, context),
      errors: partsOf(error, context),
      details: encodeDetails(details, context),
      attempts: attemptsOf(error, context),
      nonRetryable: read(error, "nonRetryable") === true ? (true as const) : undefined,
      retryAfterMs: retryAfterOf(error),
      props: propsOf(error, context),
    }),
  };
}

function describe(value: unknown, details: Payload | undefined): string {
  if (typeof value === "string") return value;
  const isObject = typeof value === "function" || (typeof value === "object" && value !== null);
  const primitive = value as Primitive;
  const shown = isObject ? (details ?? `a value of type ${typeof value}`) : String(primitive);
  return `Thrown instead of an Error: ${printable(cut(shown, shownLength))}`;
}

/** A value that is no error: the message says so (a text is its own message), and `details` keeps the value. */
function captureValue(value: unknown, context: Context): Failure {
  const details = tryEncode(value, context.maxBytes, { ...context, around: [...context.around, value] });
  const hints = typeof value === "object" && value !== null ? value : {};
  return {
    name: "ThrownValue",
    message: cut(describe(value, details), messageLength),
    kind: "value",
    ...defined({
      details,
      nonRetryable: read(hints, "nonRetryable") === true ? (true as const) : undefined,
      retryAfterMs: retryAfterOf(hints),
    }),
  };
}

function isErrorLike(thrown: unknown): thrown is object {
  if (typeof thrown !== "object" || thrown === null) return false;
  return thrown instanceof Error || typeof (thrown as Unsafe)["message"] === "string";
}

function capture(thrown: unknown, context: Context): Failure {
  const { around, left } = context;
  if (left.errors-- <= 0 || around.length > maxCauses || around.includes(thrown)) {
    return {
      name: "Error",
      message: "An error was attached here that is not kept: too many errors, or a circle.",
    };
  }
  try {
    return isErrorLike(thrown) ? captureError(thrown, context) : captureValue(thrown, context);
  } catch {
    return { name: "ThrownValue", message: "A value that cannot be read was thrown." };
  }
}

/** The stored form of anything that was thrown. `maxBytes` limits the size of `details`; larger ones are left out. */
export function toFailure(thrown: unknown, options: { readonly maxBytes?: number } = {}): Failure {
  return capture(thrown, {
    around: [],
    left: { errors: maxErrors },
    maxBytes: options.maxBytes,
    inAttempt: false,
  });
}
