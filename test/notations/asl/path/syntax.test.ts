import { describe, expect, it } from "vitest";
import {
  checkPath,
  checkReferencePath,
  checkTemplateText,
  variablesIn,
} from "../../../../src/notations/asl/path/syntax.ts";

describe("checks of texts", () => {
  it("accept paths", () => {
    for (const text of ["$", "$$", "$.a[*]", "$v.b", "$..x[?(@.s==Failure)]"])
      expect(checkPath(text)).toBeUndefined();
    expect(checkPath("States.UUID()")).toBe("A path begins with '$' (at character 1)");
  });

  it("tell reference paths from others", () => {
    for (const text of ["$", "$.a['b'][0]", "$$.a", "$v"]) expect(checkReferencePath(text)).toBeUndefined();
    expect(checkReferencePath("$.a[*]")).toBe("A reference path has only fields and indexes, no '*'");
    expect(checkReferencePath("$..a")).toContain("no '..'");
    expect(checkReferencePath("$.a.length()")).toContain("no function");
    expect(checkReferencePath("$.a[")).toContain("(at character 5)");
  });

  it("accept calls in templates", () => {
    for (const text of ["$.a", "States.UUID()", "States.Array($.a, States.Format('{}', $b))"])
      expect(checkTemplateText(text)).toBeUndefined();
    expect(checkTemplateText("States.Xyz($.a)")).toBe("There is no function 'States.Xyz' (at character 1)");
    expect(checkTemplateText(" States.UUID()")).toContain("begins with 'States.'");
    expect(checkTemplateText("States.Array($.a[)")).toContain("(at character");
  });

  it("find variables", () => {
    expect(variablesIn("$")).toEqual([]);
    expect(variablesIn("$.a")).toEqual([]);
    expect(variablesIn("$$.a")).toEqual([]);
    expect(variablesIn("$a.b")).toEqual(["a"]);
    expect(variablesIn("States.Format('{} $no', $t, $.x, States.Array($v.w, $t))")).toEqual(["t", "v"]);
    expect(variablesIn("just text about $money")).toEqual([]);
  });
});
