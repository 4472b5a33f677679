// Laws of paths, for any document.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../../src/notations/asl/json.ts";
import { compilePath, readPath } from "../../../../src/notations/asl/path/path.ts";
import { writeResult } from "../../../../src/notations/asl/path/result-path.ts";
import { checkPath, checkTemplateText } from "../../../../src/notations/asl/path/syntax.ts";
import { StatesError } from "../../../../src/notations/asl/states-error.ts";
import { runs } from "../../../support/properties.ts";

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
const key = fc.oneof(
  fc.constantFrom("a", "b", "__proto__", "constructor", "", "it's", "a.b", "\\", "ü"),
  fc.string(),
);

function quoted(name: string): string {
  return `['${name.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}']`;
}

function read(text: string, input: Json): Json | undefined {
  return readPath(compilePath(text), { input, context: {}, variables: {} });
}

/** Every value of a document with the path that leads to it. */
function valuesOf(value: Json, path = "$"): [string, Json][] {
  const below: [string, Json][] =
    typeof value !== "object" || value === null
      ? []
      : Array.isArray(value)
        ? (value as readonly Json[]).flatMap((one, at) => valuesOf(one, `${path}[${at}]`))
        : Object.entries<Json>(value).flatMap(([name, one]) => valuesOf(one, path + quoted(name)));
  return [[path, value], ...below];
}

describe("paths", () => {
  it("lead to every value", () => {
    fc.assert(
      fc.property(json, (document) => {
        for (const [path, value] of valuesOf(document)) expect(read(path, document)).toBe(value);
      }),
    );
  });

  it("find all values of a name with '..'", () => {
    fc.assert(
      fc.property(json, (document) => {
        const expected = valuesOf(document).flatMap(([, value]) =>
          typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, "a")
            ? [(value as { readonly a: Json }).a]
            : [],
        );
        expect(read("$..a", document)).toEqual(expected);
      }),
    );
  });

  it("never fail but for their form", () => {
    const path = fc
      .array(fc.constantFrom(".a", "[0]", "[*]", "..b", "[1:]", "[?(@.a == 1)]", "[?(@.a)]", ".length()"))
      .map((steps) => `$${steps.join("")}`);
    fc.assert(fc.property(path, json, (text, document) => void read(text, document)));
  });

  it("are told from other texts without a crash", () => {
    const pieces = fc.array(
      fc.constantFrom(
        "$",
        ".",
        "[",
        "]",
        "(",
        ")",
        "?",
        "@",
        "'",
        "\\",
        "a",
        "0",
        "*",
        ",",
        "==",
        "&&",
        "States.Array",
        ":",
        "!",
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((all) => all.join("")),
          pieces.map((all) => `$${all.join("")}`),
        ),
        (text) => {
          for (const problem of [checkPath(text), checkTemplateText(text)])
            expect(["string", "undefined"]).toContain(typeof problem);
        },
      ),
      { numRuns: runs(500) },
    );
  });
});

describe("ResultPath", () => {
  const path = fc.array(key, { minLength: 1, maxLength: 4 }).map((names) => `$${names.map(quoted).join("")}`);

  it("puts the result where its path reads it", () => {
    fc.assert(
      fc.property(json, path, json, (document, text, result) => {
        const written = attempt(document, text, result);
        expect(written === undefined ? result : read(text, written)).toBe(result);
      }),
    );
  });

  it("changes nothing else, and not the document itself", () => {
    fc.assert(
      fc.property(fc.dictionary(key, json) as fc.Arbitrary<Json>, key, json, (document, name, result) => {
        const before = JSON.stringify(document);
        const written = writeResult(document, `$${quoted(name)}`, result);
        expect(JSON.stringify(document)).toBe(before);
        expect(Object.getPrototypeOf(written)).toBe(Object.prototype);
        for (const [other, value] of Object.entries(document as object))
          expect(read(`$${quoted(other)}`, written)).toBe(other === name ? result : value);
        expect(new Set(Object.keys(written as object))).toEqual(
          new Set([...Object.keys(document as object), name]),
        );
      }),
    );
  });

  it("is idempotent", () => {
    fc.assert(
      fc.property(json, path, json, (document, text, result) => {
        const once = attempt(document, text, result);
        expect(once === undefined ? once : writeResult(once, text, result)).toEqual(once);
      }),
    );
  });

  function attempt(document: Json, text: string, result: Json): Json | undefined {
    try {
      return writeResult(document, text, result);
    } catch (error) {
      if (error instanceof StatesError) return undefined;
      throw error;
    }
  }
});
