// The layers of src/ hold: each file imports only what the table in layers.ts allows, and nothing goes in circles.
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { findCycle } from "./cycles.ts";
import { allows, family, layerOf, RULES } from "./layers.ts";
import { importsOf, isNodeModule, readSources, withoutComments, type Source } from "./sources.ts";

const SRC = resolve(import.meta.dirname, "../../src");
const sources = readSources("src/**/*.ts");
const known = new Set(sources.map((source) => source.path));

function complaints(check: (source: Source) => string[]): string[] {
  return sources.flatMap((source) => check(source).map((text) => `${source.path}: ${text}`));
}

function forbidden(source: Source): string[] {
  const from = layerOf(source.path);
  const inside = source.imports.flatMap((one) =>
    one.target === undefined ? [] : [{ ...one, to: layerOf(one.target) }],
  );
  return inside
    .filter((one) => !allows(from, one.to, one.typeOnly))
    .map((one) => `${from} imports ${one.specifier}`);
}

describe("the sources", () => {
  it("are seen, in every folder of src/", () => {
    const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const seen = new Set(sources.map((source) => family(layerOf(source.path))));
    expect(folders.map((folder) => folder.name).filter((name) => !seen.has(name))).toEqual([]);
    expect(seen.size).toBeGreaterThan(1);
  });

  it("are in folders that the table knows", () => {
    expect(complaints(({ path }) => (family(layerOf(path)) in RULES ? [] : ["no such layer"]))).toEqual([]);
  });

  it("import each other by paths that exist, never by the package's own name", () => {
    const wrong = complaints(({ imports }) =>
      imports
        .filter((one) =>
          one.target === undefined ? /^daruma(?:\/|$)/.test(one.specifier) : !known.has(one.target),
        )
        .map((one) => one.specifier),
    );
    expect(wrong).toEqual([]);
    expect(sources.flatMap((source) => source.imports).filter((one) => one.target !== undefined)).not.toEqual(
      [],
    );
  });
});

describe("the layers", () => {
  it("import only what the table allows", () => {
    expect(complaints(forbidden)).toEqual([]);
  });

  it("have no import cycle", () => {
    expect(findCycle(sources)).toBeUndefined();
  });

  it("keep Node out of core/ and workflow/, which any engine can bundle", () => {
    const pure = (path: string): boolean => ["core", "workflow"].includes(layerOf(path));
    const node = complaints(({ path, imports }) =>
      pure(path) ? imports.map((one) => one.specifier).filter(isNodeModule) : [],
    );
    expect(node).toEqual([]);
  });

  it("end in entries that only re-export", () => {
    const REEXPORT = /export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s+from\s+"[^"]+";/g;
    const entries = sources.filter((source) => layerOf(source.path) === "entries");
    const more = entries.map(({ path, text }) => [
      path,
      withoutComments(text).replaceAll(REEXPORT, "").trim(),
    ]);
    expect(more.filter(([, left]) => left !== "")).toEqual([]);
  });
});

describe("the reading of imports", () => {
  const read = (text: string): string[] =>
    importsOf("src/core/x.ts", text).map(
      (one) => `${one.typeOnly ? "type " : ""}${one.target ?? one.specifier}`,
    );

  it("knows every form", () => {
    expect(read('import { a } from "./a.ts";\nimport b, * as c from "../b.ts";')).toEqual([
      "src/core/a.ts",
      "src/b.ts",
    ]);
    expect(read('import type { A } from "./a.ts";\nimport type B from "./b.ts";')).toEqual([
      "type src/core/a.ts",
      "type src/core/b.ts",
    ]);
    expect(read('import {\n  type A,\n  b,\n} from "./a.ts";\nimport "node:fs";')).toEqual([
      "src/core/a.ts",
      "node:fs",
    ]);
    expect(
      read('export * from "./a.ts";\nexport type { A } from "./b.ts";\nexport { b } from "zod";'),
    ).toEqual(["src/core/a.ts", "type src/core/b.ts", "zod"]);
    expect(
      read('  const a = await import("./a.ts");\nnew Worker(new URL("./w.ts", import.meta.url));'),
    ).toEqual(["src/core/a.ts", "src/core/w.ts"]);
  });

  it("is not misled by comments, strings and exports that import nothing", () => {
    expect(
      read('// import { a } from "./a.ts";\n/*\nimport "./b.ts";\n*/\nexport const from = "./c.ts";'),
    ).toEqual([]);
    expect(read('const glob = "src/**/*.ts";\nimport { a } from "./a.ts"; // */')).toEqual(["src/core/a.ts"]);
    expect(read('export { a };\nexport type A = "b" | "c";\nimport { d } from "./d.ts";')).toEqual([
      "src/core/d.ts",
    ]);
  });
});

describe("the table", () => {
  it("keeps members of a family apart, and types apart from values", () => {
    expect(allows("stores/sqlite", "stores/memory", false)).toBe(false);
    expect(allows("stores/sqlite", "store", false)).toBe(true);
    expect(allows("server", "notations/asl", false)).toBe(true);
    expect(allows("client", "engine", true)).toBe(true);
    expect(allows("client", "engine", false)).toBe(false);
    expect(layerOf("src/stores/sqlite/runs.ts")).toBe("stores/sqlite");
    expect(layerOf("src/index.ts")).toBe("entries");
  });

  it("finds a cycle of values and lets one of types pass", () => {
    const file = (path: string, text: string): Source => ({ path, text, imports: importsOf(path, text) });
    const a = file("src/a.ts", 'import { b } from "./b.ts";');
    expect(findCycle([a, file("src/b.ts", 'import { a } from "./a.ts";')])).toEqual([
      "src/a.ts",
      "src/b.ts",
      "src/a.ts",
    ]);
    expect(findCycle([a, file("src/b.ts", 'import type { a } from "./a.ts";')])).toBeUndefined();
  });
});
