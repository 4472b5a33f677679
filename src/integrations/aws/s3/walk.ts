/** The files below a folder in the order of S3's keys, without holding more than one folder's names per level. Links are not followed. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UNFINISHED } from "./path.ts";
import { keyAfter } from "./store.ts";

export interface Found {
  readonly key: string;
  readonly path: string;
}

interface Bounds {
  readonly prefix: string;
  readonly after?: string | undefined;
}

export async function* walk(folder: string, bounds: Bounds, above: string = ""): AsyncGenerator<Found> {
  const entries = await readdir(folder, { withFileTypes: true });
  const named = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .filter((entry) => !entry.name.startsWith(UNFINISHED))
    // A folder sorts as the keys in it do, with the slash.
    .map((entry) => ({ entry, key: above + entry.name + (entry.isDirectory() ? "/" : "") }))
    .toSorted((a, b) => (keyAfter(a.key, b.key) ? 1 : -1));
  for (const { entry, key } of named) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && mayHold(key, bounds)) yield* walk(path, bounds, key);
    if (entry.isFile() && key.startsWith(bounds.prefix) && isAfter(key, bounds.after)) yield { key, path };
  }
}

function isAfter(key: string, after: string | undefined): boolean {
  return after === undefined || keyAfter(key, after);
}

/** Whether keys that begin with this can be among those asked for. */
function mayHold(start: string, { prefix, after }: Bounds): boolean {
  const fits = start.startsWith(prefix) || prefix.startsWith(start);
  return fits && (after === undefined || after.startsWith(start) || keyAfter(start, after));
}
