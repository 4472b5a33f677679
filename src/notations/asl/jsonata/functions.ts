/**
 * The functions that AWS adds to JSONata, and those that AWS or determinism changes.
 *
 * `$partition $range $hash $random $uuid $parse` are described in the Step Functions developer guide, "Transforming data with JSONata"; how they take missing,
 * fractional and wrong arguments is as measured with the TestState API. `$eval` does not exist. `$now()` and `$millis()` say the time that the call
 * carries; `$random()`, `$uuid()` and `$shuffle()` draw from its seed.
 */
import type jsonata from "jsonata";
import { hashOf } from "../intrinsics/hash.ts";
import { strictValueOf } from "./strict-json.ts";
import { maxRange, tooLarge } from "./limits.ts";
import { JavaRandom } from "./random.ts";

/** What an evaluation carries for its functions. */
export interface Circumstances {
  /** The one generator of the evaluation. */
  random(): JavaRandom;
  /** Epoch milliseconds. */
  now(): number;
}

/** The name that the circumstances are bound to. No expression can say it: names have no blanks. */
export const circumstancesName = " circumstances";

/** As AWS lists them. */
const hashAlgorithms = "SHA-1, SHA-384, SHA-256, SHA-512, MD5";

type Focus = jsonata.Focus;

type Implementation = (this: Focus, ...given: unknown[]) => unknown;

/** An error as JSONata throws them: its evaluator makes the message. */
interface JsonataFailure {
  readonly code: string;
  readonly message?: string;
  readonly index?: number;
  readonly token?: string;
}

/** Adds them to a parsed expression. */
export function addFunctions(expression: jsonata.Expression): void {
  for (const [name, implementation] of Object.entries(implementations))
    expression.registerFunction(name, implementation);
  expression.registerFunction("now", now, "<s?s?:s>");
  expression.registerFunction("millis", millis, "<:n>");
  expression.registerFunction("shuffle", shuffle, "<a:a>");
  expression.assign("eval", undefined);
}

const implementations: { readonly [name: string]: Implementation } = {
  parse(...given) {
    const text = argument("parse", given, { index: 0, most: 1, type: "string" });
    if (text === undefined) return undefined;
    const value = strictValueOf(text);
    return value === undefined ? fail({ code: "D3137", message: "Invalid JSON" }) : value;
  },

  partition(...given) {
    const size = argument("partition", given, { index: 1, most: 2, type: "number" });
    const [items] = given;
    if (items === undefined) return undefined;
    if (!Array.isArray(items)) return fail({ code: "T0412", index: 1, token: "partition" });
    if (size === undefined) return [items];
    const whole = Math.trunc(size);
    if (whole < 0) return fail({ code: "D3137", message: "Second argument must be zero or greater" });
    if (whole === 0 || items.length === 0) return undefined;
    const count = Math.ceil(items.length / whole);
    return Array.from({ length: count }, (_, at) => items.slice(at * whole, (at + 1) * whole) as unknown[]);
  },

  range(...given) {
    const [first, last, step] = [0, 1, 2].map((index) => {
      const bound = argument("range", given, { index, most: 3, type: "number" });
      return bound === undefined ? undefined : Math.trunc(bound);
    });
    if (given.length < 2) return mismatch("range", given.length + 1);
    if (first === undefined || last === undefined || !step) return undefined;
    const count = Math.floor((last - first) / step) + 1;
    if (count > maxRange) return fail({ code: "", message: tooLarge });
    // A sequence: of one number it is the number, of none it is nothing.
    const sequence = (this as Focus & { createSequence(): unknown[] }).createSequence();
    for (let at = 0; at < count; at++) sequence.push(first + at * step);
    return sequence;
  },

  hash(...given) {
    if (given.length === 0) return mismatch("hash", 1);
    const text = argument("hash", given, { index: 0, most: 2, type: "string" });
    if (text === undefined || given.length === 1) return undefined;
    const algorithm = argument("hash", given, { index: 1, most: 2, type: "string" });
    const hash = algorithm === undefined ? undefined : hashOf(text, algorithm);
    const message = `Hash algorithm '${algorithm ?? "null"}' must be one of ${hashAlgorithms}`;
    return hash ?? fail({ code: "D3137", message });
  },

  random(...given) {
    const seed = argument("random", given, { index: 0, most: 1, type: "number" });
    if (seed === undefined) return circumstancesOf(this).random().double();
    return new JavaRandom(BigInt(Math.trunc(Number.isFinite(seed) ? seed : 0))).double();
  },

  uuid(...given) {
    if (given.length > 0) return mismatch("uuid", 1);
    return circumstancesOf(this).random().uuid();
  },
};

function now(this: Focus, ...given: unknown[]): unknown {
  if (given[0] === undefined) return new Date(circumstancesOf(this).now()).toISOString();
  const { implementation } = this.environment.lookup("fromMillis") as { implementation: Implementation };
  return Reflect.apply(implementation, this, [circumstancesOf(this).now(), ...given]);
}

function millis(this: Focus): number {
  return circumstancesOf(this).now();
}

/** Fisher and Yates. */
function shuffle(this: Focus, items: readonly unknown[] | undefined): unknown[] | undefined {
  if (items === undefined) return undefined;
  const random = circumstancesOf(this).random();
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(random.double() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other], mixed[at]];
  }
  return mixed;
}

function circumstancesOf({ environment }: Focus): Circumstances {
  return environment.lookup(circumstancesName) as Circumstances;
}

interface Expected<T extends "string" | "number"> {
  readonly index: number;
  /** How many arguments the function takes. */
  readonly most: number;
  readonly type: T;
}

/** An argument that may be left out. @throws JsonataFailure T0410 if it is of another type, or there are too many */
function argument<T extends "string" | "number">(
  name: string,
  given: readonly unknown[],
  { index, most, type }: Expected<T>,
): (T extends "string" ? string : number) | undefined {
  if (given.length > most) return mismatch(name, most + 1);
  const value = given[index];
  if (value !== undefined && typeof value !== type) return mismatch(name, index + 1);
  return value as (T extends "string" ? string : number) | undefined;
}

function mismatch(token: string, index: number): never {
  return fail({ code: "T0410", index, token });
}

function fail(failure: JsonataFailure): never {
  // JSONata's own errors are such objects too; it fills in what is missing.
  throw { ...failure } as unknown as Error;
}
