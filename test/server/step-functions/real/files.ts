/** Folders as buckets, and states that read and write them. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, named, openReal } from "./real.ts";
import type { Real } from "./real.ts";

export const reader = (Key: string, InputType: string, more: object = {}): object => ({
  ItemReader: {
    Resource: "arn:aws:states:::s3:getObject",
    ReaderConfig: { InputType, ...more },
    Parameters: { Bucket: "file:in", Key },
  },
});

export const writer = (more: object = {}, Bucket = "file:out"): object => ({
  ResultWriter: {
    Resource: "arn:aws:states:::s3:putObject",
    Parameters: { Bucket, Prefix: "results" },
    ...more,
  },
});

/** The API with a folder of folders: `in` with these files, and `out`. The handler `F` fails for inputs that are broken. */
export async function withFiles(
  files: Readonly<Record<string, string>>,
  broken: (input: unknown) => boolean = () => false,
): Promise<{ api: Real; root: string }> {
  const root = folder();
  for (const name of ["in", "out"]) mkdirSync(join(root, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "in", name), text);
  const F = (input: unknown): unknown => {
    if (broken(input)) throw named("Broken", "why");
    return input;
  };
  return { api: await openReal({ files: { root }, handlers: { F } }), root };
}

/** A file that was written, as JSON. */
// oxlint-disable-next-line typescript/no-explicit-any -- results are looked into freely
export function written(root: string, key: string): any {
  return JSON.parse(readFileSync(join(root, "out", key), "utf8"));
}
