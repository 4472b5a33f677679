/** The files that the documents are compared with; paths are relative to the repository. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

export function read(path: string): string {
  return readFileSync(resolve(root, path), "utf8");
}

export function exists(path: string): boolean {
  return existsSync(resolve(root, path));
}

/** The code blocks of a Markdown text, each with the word after its fence. */
export function codeBlocks(markdown: string): { readonly language: string; readonly code: string }[] {
  return [...markdown.matchAll(/^```(?<language>\w*)\n(?<code>.*?)^```$/gms)].map(({ groups }) => ({
    language: groups?.["language"] ?? "",
    code: groups?.["code"] ?? "",
  }));
}

/** The text without its code blocks. */
export function prose(markdown: string): string {
  return markdown.replaceAll(/^```\w*\n.*?^```$/gms, "");
}

/** The names that a module's export lists offer, `export *` followed. */
export function exportsOf(path: string): string[] {
  const text = read(path);
  const lists = [...text.matchAll(/export (?:type )?\{(?<names>[^}]*)\}/g)].flatMap(({ groups }) =>
    (groups?.["names"] ?? "").split(","),
  );
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const stars = [...text.matchAll(/export \* from "\.\/(?<from>[^"]+)"/g)].flatMap(({ groups }) =>
    exportsOf(folder + groups?.["from"]),
  );
  return [...lists.map((name) => name.trim().replace(/^type /, "")).filter((name) => name !== ""), ...stars];
}
