/** Values on the command line: JSON, `@FILE` with JSON in it, or `-` for JSON on the standard input. */
import { readFile } from "node:fs/promises";
import { quoted } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { usageError } from "./usage-error.ts";

/** The value of an option; undefined if it was not given. @throws DarumaError DRM-USAGE */
export async function readInput(context: Context, option: string): Promise<unknown> {
  const given = context.text(option);
  if (given === undefined) return undefined;
  if (given === "-") return parse(await context.io.readStdin(), `the standard input`);
  if (given.startsWith("@"))
    return parse(await readText(given.slice(1)), `the file ${quoted(given.slice(1))}`);
  return parse(given, `--${option}`);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw usageError(`The file ${quoted(path)} cannot be read.`, { found });
  }
}

function parse(text: string, from: string): unknown {
  try {
    // A byte order mark is no part of the value.
    return JSON.parse(text.replace(/^\ufeff/u, ""));
  } catch (error) {
    throw usageError(`What ${from} holds is no JSON.`, {
      expected: 'JSON, for example \'{"name":"value"}\' or \'"a text"\'',
      found: error instanceof Error ? error.message : String(error),
      fix: fixFor(text),
    });
  }
}

function fixFor(text: string): string {
  return /^[\w .-]+$/u.test(text)
    ? `A text needs its quotation marks: '${JSON.stringify(text)}'`
    : "Put the JSON in single quotes for the shell, or in a file: @FILE";
}
