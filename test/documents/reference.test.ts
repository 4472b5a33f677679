// The reference pages name everything that there is, and nothing else.
import { describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/core/limits.ts";
import { exportsOf, read } from "./files.ts";

/** The first cell of every row of the tables in a text, without marks, arguments and question marks. */
function firstCells(text: string): string[] {
  const cells = [...text.matchAll(/^\| `(?<cell>[^`]+)`/gm)].map(({ groups }) => groups?.["cell"] ?? "");
  return cells.map((cell) => cell.replace(/[(?].*$/, ""));
}

describe("docs/reference/api.md", () => {
  it("lists each export of the package once, and nothing else", () => {
    expect(firstCells(read("docs/reference/api.md")).toSorted()).toEqual(
      exportsOf("src/index.ts").toSorted(),
    );
    expect(exportsOf("src/index.ts").length).toBeGreaterThan(80);
  });
});

describe("docs/reference/limits.md", () => {
  it("lists each limit with its default", () => {
    const page = read("docs/reference/limits.md");
    const rows = Object.entries(defaultLimits).map(
      ([name, value]) => [name, (value as number).toLocaleString("en-US")] as const,
    );
    const cells = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
    expect(
      rows.filter(
        ([name, value]) => !cells.some(([, first, second]) => first === `\`${name}\`` && second === value),
      ),
    ).toEqual([]);
  });
});

describe("docs/reference/events.md", () => {
  /** Type and fields of each event, as the source declares them: `input?` for optional ones. */
  const declared = [
    ...read("src/core/events.ts").matchAll(/interface \w+ extends Timed \{(?<body>[^}]*)\}/g),
  ].map(({ groups }) => {
    const body = groups?.["body"] ?? "";
    const type = /readonly type: "(?<type>\w+)"/.exec(body)?.groups?.["type"] ?? "";
    const fields = [...body.matchAll(/^ {2}readonly (?<field>\w+\??):/gm)].map(
      (match) => match.groups?.["field"],
    );
    return { type, fields: fields.filter((field) => field !== "type") };
  });
  const described = read("docs/reference/events.md")
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const fields = [...section.matchAll(/^\| `(?<field>\w+\??)`/gm)].map(({ groups }) => groups?.["field"]);
      return { type: /^`(?<type>\w+)`/.exec(section)?.groups?.["type"] ?? "", fields };
    });

  it("describes each kind of event with all its fields, in the order of the source", () => {
    expect(described).toEqual(declared);
    expect(declared.length).toBeGreaterThan(25);
  });
});
