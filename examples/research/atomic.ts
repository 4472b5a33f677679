/** Files that appear whole or not at all, and that are on the disk when an activity says that they are. */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";

/** Flushes `temporary`, gives it the name `target`, and flushes the folder. Both must be in the same folder. */
export async function putInPlace(temporary: string, target: string): Promise<void> {
  await flush(temporary);
  await rename(temporary, target);
  await flush(path.dirname(target));
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a text file so that a reader sees the old content or the new content and nothing between. `key` makes the temporary name:
 * an attempt that was killed leaves a file that the next attempt with the same key uses again. Does nothing when the file has this
 * content already.
 */
export async function writeTextOnce(target: string, content: string, key: string): Promise<void> {
  const existing = await readFile(target, "utf8").catch(() => undefined);
  if (existing === content) return;
  await mkdir(path.dirname(target), { recursive: true });
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${key}.tmp`);
  const handle = await open(temporary, "w");
  try {
    await handle.writeFile(content, "utf8");
  } finally {
    await handle.close();
  }
  await putInPlace(temporary, target);
}
