/**
 * A record outside the engine of what was really executed: one line of JSON for each attempt of a search, flushed to the disk before
 * the search begins. The demo compares it with what the engine claims.
 */
import { open, readFile } from "node:fs/promises";
import { DemoError } from "../shared/demo-error.ts";

/** One attempt of one search. */
export interface LedgerEntry {
  topic: string;
  /** Counts from 1. */
  attempt: number;
  idempotencyKey: string;
  /** The process that made the attempt. */
  pid: number;
}

/** Adds a line. When this returns, the line is on the disk. */
export async function appendToLedger(file: string, entry: LedgerEntry): Promise<void> {
  const handle = await open(file, "a");
  try {
    await handle.appendFile(`${JSON.stringify(entry)}\n`, "utf8");
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** All lines in their order. A ledger that does not exist is empty; a line that is no entry is a `DemoError`. */
export async function readLedger(file: string): Promise<LedgerEntry[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => parseEntry(line));
}

function parseEntry(line: string): LedgerEntry {
  try {
    const entry = JSON.parse(line) as LedgerEntry;
    if (
      typeof entry.topic === "string" &&
      typeof entry.pid === "number" &&
      typeof entry.idempotencyKey === "string"
    )
      return entry;
  } catch {
    // Said below, together with lines that are JSON and no entry.
  }
  throw new DemoError(`The ledger has a line that is no entry: ${JSON.stringify(line.slice(0, 100))}`);
}
