/** Errors as people read them: one block each, with the place in their own code, without stacks unless they are asked for. */
import { inspect } from "node:util";
import { ActivityError, DarumaError } from "../../core/errors.ts";
import { printable, printableLines } from "../../core/printable.ts";
import { userSite } from "./site.ts";
import type { Paint } from "./paint.ts";

const mostCauses = 5;

/** The block for an error of a command. `verbose`: with all that Node knows of it. */
export function errorText(error: unknown, paint: Paint, verbose: boolean): string {
  const head = paint.bad("error:");
  if (verbose) return `${head} ${printableLines(inspect(error, { depth: 5 }))}`;
  if (error instanceof DarumaError) return `${head} ${[error.message, ...causeLines(error)].join("\n")}`;
  const known = error instanceof Error ? `${error.name}: ${error.message}` : inspect(error);
  return `${head} ${printableLines(known)}\n  (--verbose shows where)`;
}

/** Why a run failed: the error of its workflow, where it was thrown, and what it was caused by. */
export function failureLines(error: unknown): string[] {
  return [...oneError(error), ...causeLines(error)];
}

function causeLines(error: unknown): string[] {
  const lines: string[] = [];
  let around = error;
  for (let count = 0; count < mostCauses; count++) {
    const cause = causeOf(around);
    if (cause === undefined) break;
    const [first = "", ...rest] = oneError(cause);
    lines.push(`  caused by ${first}`, ...rest.map((line) => `  ${line}`));
    around = cause;
  }
  return lines;
}

/** A cause that the message quotes already is not told again. */
function causeOf(error: unknown): Error | undefined {
  if (!(error instanceof Error) || !(error.cause instanceof Error)) return undefined;
  const [first = ""] = error.cause.message.split("\n");
  return first === "" || error.message.includes(printable(first)) ? undefined : error.cause;
}

function oneError(error: unknown): string[] {
  if (!(error instanceof Error)) return [printable(inspect(error))];
  const { name, message, stack } = error;
  const lines = printableLines(message === "" ? name : `${name}: ${message}`).split("\n");
  const site = userSite(stack);
  const calls = error instanceof ActivityError ? error.attempts.length : 0;
  return [
    ...lines,
    ...(calls > 1 ? [`  after ${calls} attempts`] : []),
    ...(site === undefined ? [] : [`  at ${printable(site)}`]),
  ];
}
