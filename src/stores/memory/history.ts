/** Histories and heartbeats in memory. */
import type { Histories, HistoryChunk } from "../../store/history.ts";
import type { MemoryDatabase } from "./database.ts";

/** Where the chunk that holds event `from` is: the last one that begins at or before it. */
function indexOf(chunks: readonly HistoryChunk[], from: number): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((chunks[middle]?.seq ?? Infinity) <= from) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function read(db: MemoryDatabase, key: number, page: { from: number; limit: number }): HistoryChunk[] {
  const run = db.state.runs.get(key);
  if (run === undefined || page.from > run.row.head) return [];
  const first = indexOf(run.chunks, page.from);
  return run.chunks.slice(first, first + page.limit).map((chunk) => ({ ...chunk }));
}

function last(db: MemoryDatabase, key: number): HistoryChunk | undefined {
  const chunk = db.state.runs.get(key)?.chunks.at(-1);
  return chunk === undefined ? undefined : { ...chunk };
}

function heartbeats(db: MemoryDatabase, key: number): { ref: number; details: string }[] {
  const kept = [...(db.state.runs.get(key)?.heartbeats ?? [])];
  return kept.map(([ref, details]) => ({ ref, details })).toSorted((a, b) => a.ref - b.ref);
}

/** The histories of a database. `use` rejects when the store is closed. */
export function memoryHistories(use: () => MemoryDatabase): Histories {
  return {
    read: async (key, from, limit) => read(use(), key, { from, limit }),
    last: async (key) => last(use(), key),
    heartbeats: async (key) => heartbeats(use(), key),
  };
}
