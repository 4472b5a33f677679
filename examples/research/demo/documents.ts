/** The demo's default documents: those of this repository. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { CorpusSource } from "../files.ts";

/** The Markdown files in the root of the repository and everything in `docs`. */
export async function repositoryDocuments(
  base: string = path.resolve(import.meta.dirname, "../../.."),
): Promise<CorpusSource> {
  const names = await readdir(base);
  const include = names.filter((name) => name.endsWith(".md")).toSorted();
  return { base, include: existsSync(path.join(base, "docs")) ? [...include, "docs"] : include };
}
