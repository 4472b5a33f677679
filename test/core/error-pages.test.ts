// The catalogue, the pages in docs/errors and the classes say the same.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogue, type ErrorCode } from "../../src/core/errors.ts";
import { samples } from "./error-samples.ts";

const folder = new URL("../../docs/errors/", import.meta.url);
const codes = Object.keys(catalogue) as ErrorCode[];
const files = readdirSync(folder).filter((file) => file !== "README.md");
const index = readFileSync(new URL("README.md", folder), "utf8");

/** The classes that an error of this code can be an instance of, if it is not a bare DarumaError. */
function classesOf(code: ErrorCode): string[] {
  const names = samples
    .filter((error) => error.code === code && error.name !== "DarumaError")
    .map(({ name }) => name);
  return names.length === 0 ? ["DarumaError"] : names;
}

describe("the catalogue", () => {
  it("has codes of one form", () => {
    expect(codes.filter((code) => !/^DRM-[A-Z]+(?:-[A-Z]+)*$/u.test(code))).toEqual([]);
    expect(codes.length).toBeGreaterThan(50);
  });

  it("has a title that is no sentence and advice that is one, for each code", () => {
    for (const { title, fix } of Object.values(catalogue)) {
      expect(title).toMatch(/^[A-Z].*[^.]$/u);
      expect(fix).toMatch(/^[A-Z].*\.$/u);
    }
  });

  it("has a page for each code, and no page has no code", () => {
    expect(files.toSorted()).toEqual(codes.map((code) => `${code}.md`).toSorted());
  });

  it("is listed in the index, each code once with its title", () => {
    const lines = index.split("\n").filter((line) => line.startsWith("| ["));
    const cells = lines.map((line) => line.replaceAll(/ +/gu, " "));
    expect(cells.toSorted()).toEqual(
      codes.map((code) => `| [${code}](${code}.md) | ${catalogue[code].title} |`).toSorted(),
    );
  });
});

describe.each(codes)("the page of %s", (code) => {
  const page = readFileSync(new URL(`${code}.md`, folder), "utf8");

  it("has the code, the title, the advice and an example that shows the code", () => {
    expect(page.startsWith(`# ${code}\n\n**${catalogue[code].title}.**\n`)).toBe(true);
    expect(page).toContain(`## What to do\n\n${catalogue[code].fix}`);
    expect(page).toContain("## What happened\n");
    expect(page).toContain("## Why\n");
    expect(/```text\n(?:(?!```).*\n)+```/u.exec(page)?.[0]).toContain(`(${code})`);
  });

  it("names the class to catch", () => {
    const named = /^Class: (?<names>.+)$/mu.exec(page)?.groups?.["names"] ?? "";
    expect(named.split(", ")).toEqual(classesOf(code).map((name) => `\`${name}\``));
  });

  it("has no empty section and ends with its last line", () => {
    expect(page).not.toMatch(/^## .*\n\n(?:##|$)/mu);
    expect(page.endsWith("\n")).toBe(true);
  });
});
