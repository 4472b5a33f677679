// Documents say what is true: paths exist, code parses and names what there is, commands are commands.
import { globSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, posix, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import * as daruma from "../../src/index.ts";
import { commands } from "../../src/cli/commands.ts";
import { codeBlocks, exists, exportsOf, prose, read } from "./files.ts";

const root = resolve(import.meta.dirname, "../..");
const documents = globSync(["*.md", "docs/**/*.md", "examples/**/*.md"], { cwd: root }).toSorted();

/** `from#anchor` of every link to a file of this repository. */
function linksOf(text: string): string[] {
  const targets = [...text.matchAll(/\]\((?<target>[^)\s]+)\)/g)].map(
    ({ groups }) => groups?.["target"] ?? "",
  );
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** Paths in code marks, such as `src/engine/loop.ts`; those with a placeholder in them are none. */
function pathsOf(text: string): string[] {
  const marks = [...text.matchAll(/`(?<path>(?:src|test|docs|examples|scripts|bench|bin)\/[\w./-]*)`/g)];
  return marks.map(({ groups }) => groups?.["path"] ?? "");
}

/** The anchors of a document, as GitHub makes them of its headings. */
function anchorsOf(text: string): string[] {
  const headings = [...prose(text).matchAll(/^#+ (?<title>.+)$/gm)].map(
    ({ groups }) => groups?.["title"] ?? "",
  );
  return headings.map((title) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function isBroken(document: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? document : posix.join(dirname(document), path);
  if (!exists(target)) return true;
  return anchor !== undefined && target.endsWith(".md") && !anchorsOf(read(target)).includes(anchor);
}

describe("the documents", () => {
  it("are seen", () => {
    expect(documents).toEqual(
      expect.arrayContaining(["README.md", "README.ja.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]),
    );
    expect(documents.length).toBeGreaterThan(60);
  });

  it("link to files and headings that exist", () => {
    const broken = documents.flatMap((document) =>
      linksOf(prose(read(document)))
        .filter((link) => isBroken(document, link))
        .map((link) => `${document}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it("name paths that exist", () => {
    const missing = documents.flatMap((document) =>
      pathsOf(prose(read(document)))
        .filter((path) => !exists(path))
        .map((path) => `${document}: ${path}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("the code in the documents", () => {
  const written = documents.filter((document) => !document.startsWith("examples/"));
  const blocks = written.flatMap((document) =>
    codeBlocks(read(document)).map((block) => ({ document, ...block })),
  );

  it("parses", () => {
    // Whole modules; the pages of errors show pieces.
    const scripts = blocks.filter(
      ({ document, language }) => language === "ts" && !document.startsWith("docs/errors/"),
    );
    expect(scripts.length).toBeGreaterThan(8);
    for (const { code } of scripts) expect(() => stripTypeScriptTypes(code)).not.toThrow();
  });

  it("imports what there is", () => {
    const known = new Set([...Object.keys(daruma), ...exportsOf("src/index.ts")]);
    const lists = blocks.flatMap(({ document, code }) =>
      [...code.matchAll(/import (?:type )?\{(?<names>[^}]*)\} from "daruma";/g)].flatMap(({ groups }) =>
        (groups?.["names"] ?? "")
          .split(",")
          .map((name) => ({ document, name: name.trim().replace(/^type /, "") })),
      ),
    );
    expect(lists.filter(({ name }) => name !== "" && !known.has(name))).toEqual([]);
  });

  it("calls commands that there are", () => {
    const names = new Set(commands.map(({ name }) => name));
    const calls = blocks.flatMap(({ document, code }) =>
      [...code.matchAll(/^(?:npx )?daruma (?<name>[a-z]+)/gm)].map(({ groups }) => ({
        document,
        name: groups?.["name"] ?? "",
      })),
    );
    expect(calls.filter(({ name }) => !names.has(name))).toEqual([]);
    expect(calls.length).toBeGreaterThan(5);
  });
});

describe("docs/guide/operations.md", () => {
  it("lists each option of Daruma.open", () => {
    const body =
      /interface DarumaOptions \{(?<body>[^}]*)\}/.exec(read("src/embedded/daruma.ts"))?.groups?.["body"] ??
      "";
    const options = [...body.matchAll(/^ {2}readonly (?<name>\w+)\?:/gm)].map(
      ({ groups }) => groups?.["name"] ?? "",
    );
    const page = read("docs/guide/operations.md");
    expect(options.filter((name) => !page.includes(`| \`${name}\``))).toEqual([]);
    expect(options.length).toBeGreaterThan(5);
  });

  it("lists each event of the telemetry", () => {
    const texts = globSync("src/**/*.ts", { cwd: root }).map(read);
    const events = texts.flatMap((text) =>
      [...text.matchAll(/\bevent: "(?<name>\w+)"/g)].map(({ groups }) => groups?.["name"] ?? ""),
    );
    const page = read("docs/guide/operations.md");
    expect(events.filter((name) => !page.includes(`| \`${name}\``))).toEqual([]);
    expect(events.length).toBeGreaterThan(2);
  });
});
