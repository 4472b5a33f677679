/** Why a run is parked, and what to do about it. */
import type { Parked } from "../../client/backend.ts";
import { printable, printableLines } from "../../core/printable.ts";
import type { Paint } from "./paint.ts";
import { clock, span } from "./times.ts";

/** A block of lines. The message has its own lines for what was expected and found; they are said once. */
export function parkedLines(why: Parked, paint: Paint, now: number): string[] {
  const { code, message, expected, found, site, since } = why;
  const [first = ""] = printableLines(message).split("\n");
  const part = (name: string, text: string | undefined): string[] =>
    text === undefined ? [] : [`  ${name.padEnd(9)} ${printable(text)}`];
  return [
    `${paint.bad("parked")} since ${clock(since, now)} (${span(now - since)}): the run keeps its history and goes on when fitting code is there.`,
    `  ${first} (${code})`,
    ...part("expected:", expected),
    ...part("found:", found),
    ...part("at:", site),
    `  ${"to do:".padEnd(9)} ${advice(code)}`,
  ];
}

function advice(code: string): string {
  const restart = "then start the worker (or `daruma run`) again.";
  if (code === "DRM-NONDETERMINISM")
    return `make the code ask for what was recorded, guarding changes with getVersion or patched, ${restart}`;
  return `correct the code, ${restart}`;
}
