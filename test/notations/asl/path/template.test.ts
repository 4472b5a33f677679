import { describe, expect, it } from "vitest";
import { valueAt } from "../../../../src/notations/asl/path/fields.ts";
import type { PathRoots } from "../../../../src/notations/asl/path/path.ts";
import { evaluateText, fillTemplate } from "../../../../src/notations/asl/path/template.ts";
import type { Json } from "../../../../src/notations/asl/json.ts";

const ports = { random: () => 0.5, uuid: () => "u" };

function roots(input: Json, variables: PathRoots["variables"] = {}): PathRoots {
  return { input, context: { State: { Name: "P" } }, variables };
}

function fill(template: Json, input: Json, variables: PathRoots["variables"] = {}): Json {
  return fillTemplate(template, roots(input, variables), { field: "Parameters", ports });
}

function runtime(causeText: string): unknown {
  return expect.objectContaining({ error: "States.Runtime", causeText, inState: true });
}

describe("payload templates", () => {
  it("evaluate the keys that end in .$", () => {
    const template = {
      "a.$": "$.x",
      b: "$.x",
      c: [{ "d.$": "$$.State.Name" }, "$.x"],
      e: { "f.$": "States.Format('{}', $v)" },
    };
    expect(fill(template, { x: [1] }, { v: 2 })).toEqual({
      a: [1],
      b: "$.x",
      c: [{ d: "P" }, "$.x"],
      e: { f: "2" },
    });
  });

  it("are themselves without such keys", () => {
    for (const template of [null, 1, "x", [1, "$"], { a: { b: "$.c" } }])
      expect(fill(template, {})).toEqual(template);
  });

  it("make keys of any name", () => {
    const filled = fill(JSON.parse('{"__proto__.$": "$.x", "constructor": 1}') as Json, { x: 1 });
    expect(JSON.stringify(filled)).toBe('{"__proto__":1,"constructor":1}');
  });

  it("fail with the words of AWS", () => {
    expect(() => fill({ "value.$": "$.nope" }, { a: 0 })).toThrow(
      runtime(
        `The JSONPath '$.nope' specified for the field 'value.$' could not be found in the input '{"a":0}'`,
      ),
    );
    expect(() => fill({ "value.$": "$$.Nope" }, { a: 0 })).toThrow(
      runtime(
        `The JSONPath '$$.Nope' specified for the field 'value.$' could not be found in the input '{"State":{"Name":"P"}}'`,
      ),
    );
    expect(() => fill({ "value.$": "$nope" }, { a: 0 })).toThrow(
      /'\$nope' specified for the field 'value.\$' could not be found/u,
    );
  });

  it("take an index past the end for null, and a field of it for missing", () => {
    expect(fill({ "a.$": "$.list[5]" }, { list: [] })).toEqual({ a: null });
    expect(() => fill({ "a.$": "$.list[5].b" }, { list: [] })).toThrow(/could not be found/u);
    expect(() => fill({ "a.$": "$.list[0]" }, { list: 1 })).toThrow(/could not be found/u);
  });

  it("refuse what no check has seen", () => {
    expect(() => fill({ "a.$": 5 }, {})).toThrow(/must be a valid JSONPath/u);
    expect(() => fill({ "a.$": "nonsense" }, {})).toThrow(/not a valid JSONPath/u);
    let deep: Json = {};
    for (let at = 0; at < 1000; at++) deep = { deep };
    expect(() => fill(deep, {})).toThrow(/500 levels/u);
  });

  it("name the field of a single text", () => {
    expect(evaluateText("$.e", roots({ e: "E" }), { field: "ErrorPath", ports })).toBe("E");
    expect(() => evaluateText("$.ErrorX", roots({}), { field: "ErrorPath", ports })).toThrow(
      runtime(
        "The JSONPath '$.ErrorX' specified for the field 'ErrorPath' could not be found in the input '{}'",
      ),
    );
  });
});

describe("fields that are paths", () => {
  it("give the value", () => {
    expect(valueAt("$.a", "InputPath", roots({ a: null }))).toBeNull();
    expect(valueAt("$.a[*]", "InputPath", roots({}))).toEqual([]);
  });

  it.each([
    ["$.No", "OutputPath", "Invalid path '$.No' : No results for path: $['No']"],
    ["$.a.No", "InputPath", "Invalid path '$.a.No' : No results for path: $['a']['No']"],
    ["$.No.b", "TimeoutSecondsPath", "Invalid path '$.No.b' : Missing property in path $['No']"],
    ["$$.No", "InputPath", "Invalid path '$$.No' : No results for path: $['No']"],
    [
      "$.n[0]",
      "InputPath",
      "Invalid path '$.n[0]' : Filter: [0] can only be applied to arrays. Current context is: 1",
    ],
    ["$.No", "SecondsPath", "The SecondsPath parameter does not reference an input value: $.No"],
    ["$.No", "TimestampPath", "The TimestampPath parameter does not reference an input value: $.No"],
  ])("%s for %s", (text, field, cause) => {
    expect(() => valueAt(text, field, roots({ a: {}, n: 1 }))).toThrow(runtime(cause));
  });

  it("say of which type a value is that has no fields", () => {
    expect(() => valueAt("$.n.x", "InputPath", roots({ n: 1 }))).toThrow(
      /Expected to find an object with property \['x'\] in path \$\['n'\] but found '.*IntNode'/u,
    );
  });

  it("conflict in ItemsPath", () => {
    expect(() => valueAt("$.a.items", "ItemsPath", roots({ a: {} }))).toThrow(
      expect.objectContaining({
        error: "States.ReferencePathConflict",
        causeText: 'Unable to apply step "items" to input {"a":{}}',
      }),
    );
  });
});
