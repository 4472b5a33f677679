/** Where in a value something is, as text: `$.user.socket`, `$.items[3].run`, `$["a b"]`, `$.byId.get("x")`. */
import { printable } from "./printable.ts";

/** A step of a path that is neither a property nor an index, already written out. */
export interface PathStep {
  readonly text: string;
}

export type PathKey = string | number | PathStep;

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const shownKey = 60;
const shownSteps = 20;

function writeStep(key: PathKey): string {
  if (typeof key === "number") return `[${key}]`;
  if (typeof key === "object") return key.text;
  if (key.length <= shownKey && identifier.test(key)) return `.${key}`;
  const short = key.length > shownKey ? `${key.slice(0, shownKey)}…` : key;
  return `[${printable(JSON.stringify(short))}]`;
}

/** The path as text; the middle of a very long one is left out. */
export function writePath(keys: readonly PathKey[]): string {
  const steps = keys.map(writeStep);
  if (steps.length <= shownSteps) return `$${steps.join("")}`;
  const half = shownSteps / 2;
  return `$${steps.slice(0, half).join("")} … ${steps.slice(-half).join("")}`;
}

/** The step to the value that a Map has for a key. */
export function mapStep(key: unknown, index: number): PathStep {
  if (typeof key === "string" && key.length <= shownKey)
    return { text: `.get(${printable(JSON.stringify(key))})` };
  return typeof key === "number" ? { text: `.get(${key})` } : { text: `.values()[${index}]` };
}
