import { describe, expect, it } from "vitest";
import { writeResult } from "../../../../src/notations/asl/path/result-path.ts";

describe("ResultPath", () => {
  it("replaces, keeps or adds", () => {
    expect(writeResult({ a: 1 }, undefined, 5)).toBe(5);
    expect(writeResult({ a: 1 }, "$", 5)).toBe(5);
    expect(writeResult({ a: 1 }, null, 5)).toEqual({ a: 1 });
    expect(writeResult({ a: 1 }, "$.b", 5)).toEqual({ a: 1, b: 5 });
    expect(writeResult({ a: 1 }, "$.a", 5)).toEqual({ a: 5 });
    expect(writeResult({ a: { b: 1 } }, "$.a.c.d", 5)).toEqual({ a: { b: 1, c: { d: 5 } } });
    expect(writeResult({ a: [1, 2] }, "$.a[1]", 5)).toEqual({ a: [1, 5] });
    expect(writeResult({ a: [1, 2] }, "$['a'][-2]", 5)).toEqual({ a: [5, 2] });
  });

  it("shares what it does not change", () => {
    const kept = { deep: [1] };
    expect(writeResult({ kept }, "$.b", 5)).toEqual({ kept, b: 5 });
    expect((writeResult({ kept }, "$.b", 5) as { readonly kept: unknown }).kept).toBe(kept);
  });

  it.each([
    ["input1", "$.x", 'Unable to apply step "x" to input "input1"'],
    [[1], "$.x", 'Unable to apply step "x" to input [1]'],
    [null, "$.x", 'Unable to apply step "x" to input null'],
    [{ a: 1 }, "$.a.b", 'Unable to apply step "b" to input {"a":1}'],
    [{ a: [1] }, "$.a[1]", 'Unable to apply step "[1]" to input {"a":[1]}'],
    [{ a: {} }, "$.a[0]", 'Unable to apply step "[0]" to input {"a":{}}'],
  ])("%j cannot take %s", (document, path, causeText) => {
    expect(() => writeResult(document, path, 5)).toThrow(
      expect.objectContaining({ error: "States.ReferencePathConflict", causeText, inState: false }),
    );
  });

  it("takes no other paths", () => {
    for (const path of ["$.a[*]", "$$.a", "$v", "a"])
      expect(() => writeResult({}, path, 5)).toThrow(expect.objectContaining({ error: "States.Runtime" }));
  });

  it("takes long paths", () => {
    expect(JSON.stringify(writeResult({}, `$${".a".repeat(900)}`, 5))).toContain('{"a":5}');
  });
});
