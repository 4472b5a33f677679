/** Why a module could not be imported, and what to do about it. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { DarumaError, quoted } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import { userSite } from "./text/site.ts";

interface Problem {
  readonly found: string;
  readonly fix: string;
}

const strip =
  "Node removes types and changes nothing else, so syntax that makes code cannot be used: write a constant object for an enum, fields for parameter " +
  "properties, a module for a namespace. Or compile the module and run the .js file.";

/** Node's error codes (https://nodejs.org/api/errors.html). */
const fixes: Readonly<Record<string, string>> = {
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX: strip,
  ERR_INVALID_TYPESCRIPT_SYNTAX: "Correct the syntax. `tsc --noEmit` shows all such errors.",
  ERR_UNKNOWN_FILE_EXTENSION:
    "Name a .ts, .mts, .js or .mjs file. Node runs no JSX (.tsx): compile it first.",
  ERR_UNSUPPORTED_DIR_IMPORT: "Name a file, not a folder.",
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING:
    "Node runs no TypeScript below node_modules: import the compiled file of that package.",
};

function firstLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return printable(text.split("\n")[0] ?? "");
}

/** Syntax errors have their place at the head of the stack: `/folder/file.ts:3`. */
function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  const [head = ""] = error.stack.split("\n");
  const syntax = /^(?:file:\/\/)?(\/.+|[A-Za-z]:\\.+):(\d+)$/u.exec(head);
  return syntax === null ? userSite(error.stack) : `${syntax[1]}:${syntax[2]}`;
}

function problemOf(path: string, error: unknown): Problem {
  const place = placeOf(error);
  const found = place === undefined ? firstLine(error) : `${firstLine(error)} (${printable(place)})`;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = Object.hasOwn(fixes, code) ? fixes[code] : undefined;
  if (known !== undefined) return { found, fix: known };
  if (code === "ERR_MODULE_NOT_FOUND") return notFound(error, found);
  if (error instanceof SyntaxError)
    return {
      found,
      fix: "Correct the module: Node cannot read it, or it imports a name that does not exist.",
    };
  return { found, fix: `The module threw this while it was loaded. "node ${printable(path)}" shows it too.` };
}

function notFound(error: unknown, found: string): Problem {
  const missing = /Cannot find (module|package) '([^']+)'/u.exec(error instanceof Error ? error.message : "");
  if (missing?.[1] === "package")
    return { found, fix: `Install it: npm install ${printable(missing[2] ?? "")}` };
  const withoutEnding =
    missing?.[2] !== undefined && ["ts", "js", "mts"].some((end) => existsSync(`${missing[2]}.${end}`));
  return {
    found,
    fix: withoutEnding
      ? 'Write imports of your own files with their ending: import … from "./file.ts".'
      : "Correct the import: there is no such file.",
  };
}

/** The error for a module that could not be imported. */
export function moduleProblem(path: string, error: unknown): DarumaError {
  const full = resolve(path);
  if (statSync(full, { throwIfNoEntry: false }) === undefined) {
    return new DarumaError("DRM-MODULE", {
      message: `There is no file ${quoted(path)}.`,
      subject: path,
      expected: `a file at ${printable(full)}`,
      fix: "Check the path: it is relative to the folder that you are in.",
    });
  }
  const { found, fix } = problemOf(path, error);
  const message = `The module ${quoted(path)} could not be loaded.`;
  return new DarumaError("DRM-MODULE", {
    message,
    subject: path,
    found,
    fix,
    details: undefined,
    cause: error,
  });
}
