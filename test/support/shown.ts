/** What errors show of texts that came from outside. */
import { expect } from "vitest";
import { printableLines } from "../../src/core/names.ts";

/** Matches a text that a terminal can be given: nothing in it hides or forges what a reader sees. */
export const shownSafely: unknown = expect.toSatisfy(
  (text: unknown) => typeof text === "string" && printableLines(text) === text,
);
