/**
 * Who makes a call, read from the stack: the user's code, or Node's own code that the user's code has led to.
 *
 * What Node does by itself is let through: `console.log` may open a file descriptor, `require()` reads files, and the modules that it loads may do anything.
 * Only asked for calls from workflow code, which are errors anyway: the cost of a stack does not matter.
 */
import { callSite, isOwnFrame } from "../call-site.ts";

/** Who called. */
export interface Caller {
  /** Node's own code called, or a module is being loaded. */
  readonly node: boolean;
  /** file:line:column of the user's code. */
  readonly site: string | undefined;
}

const depth = 100;

// Functions of Node that only pass a call on, such as those that `util.promisify` makes.
const passing = /\(?node:internal\/util/;
const loading = /\(?node:internal\/modules\//;

/** Who called the guard that calls this. */
export function caller(): Caller {
  const stack = stackHere();
  const frames = stack.split("\n").filter((line) => /^\s+at (?!async )/.test(line) && !isOwnFrame(line));
  const direct = frames.find((frame) => !passing.test(frame));
  const node = direct?.includes("node:") === true || frames.some((frame) => loading.test(frame));
  return { node, site: callSite(stack) };
}

function stackHere(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = depth;
  const { stack } = new Error("here");
  Error.stackTraceLimit = limit;
  return typeof stack === "string" ? stack : "";
}
