// Reads the imports of the sources without a compiler, so that the tests of the architecture depend on nothing that
// could silently see no modules. Paths are relative to the repository and use "/".
import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { posix, resolve, sep } from "node:path";

export interface Import {
  readonly specifier: string;
  /** The imported source file, or undefined for a package or a Node module. */
  readonly target: string | undefined;
  /** `import type` and `export type`: gone at run time. */
  readonly typeOnly: boolean;
}

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const ROOT = resolve(import.meta.dirname, "../..");

/** Strings (the first group, which stays) and comments. */
const STRING_OR_COMMENT =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
/** `import … from "x"`, `export … from "x"` and `import "x"`, which start a line (the formatter sees to that). */
const STATIC = /^(?:import|export)\s+(type\s+(?!from\b))?(?:[\w*\s{},$]*?\bfrom\s*)?"([^"]+)"/gm;
/** `import("x")` and `new URL("./x", import.meta.url)`. */
const DYNAMIC = /\bimport\(\s*"([^"]+)"\s*[,)]|\bnew URL\(\s*"([^"]+)",\s*import\.meta\.url/g;

/** The code alone; lines keep their numbers. */
export function withoutComments(text: string): string {
  return text.replaceAll(
    STRING_OR_COMMENT,
    (match, kept: string | undefined) => kept ?? match.replaceAll(/[^\n]/g, ""),
  );
}

/** All imports of a file at `path` whose text is `text`. */
export function importsOf(path: string, text: string): Import[] {
  const code = withoutComments(text);
  const made = (specifier: string, typeOnly: boolean): Import => ({
    specifier,
    target: specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined,
    typeOnly,
  });
  const fixed = [...code.matchAll(STATIC)].map((match) => made(match[2] ?? "", match[1] !== undefined));
  const late = [...code.matchAll(DYNAMIC)].map((match) => made(match[1] ?? match[2] ?? "", false));
  return [...fixed, ...late];
}

/** The source files that match a pattern; tests that live beside the sources are not part of a layer. */
export function readSources(pattern: string): Source[] {
  const paths = globSync(pattern, { cwd: ROOT }).map((path) => path.replaceAll(sep, "/"));
  const kept = paths.filter((path) => !path.endsWith(".test.ts"));
  return kept.toSorted().map((path) => {
    const text = readFileSync(resolve(ROOT, path), "utf8");
    return { path, text, imports: importsOf(path, text) };
  });
}

export function isNodeModule(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}
