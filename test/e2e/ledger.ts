/**
 * The outside ledger: what a worker was told and what its activities did, written by whoever was told and by the activities themselves, outside of the engine.
 * A line that counts is on the disk before the worker goes on. The checker compares it with what the database says.
 */
import { existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import type { OrderOutcome } from "../../examples/orders/workflow.ts";

/** One line. `operation` is the operation id of a start or a signal, `key` the idempotency key of an activity. */
export type Entry =
  | {
      readonly type: "asked";
      readonly kind: "start" | "signal";
      readonly run: string;
      readonly operation: string;
    }
  | {
      readonly type: "acknowledged";
      readonly kind: "start" | "signal";
      readonly run: string;
      readonly operation: string;
    }
  | { readonly type: "refused"; readonly run: string; readonly operation: string; readonly code: string }
  | { readonly type: "result"; readonly run: string; readonly outcome: OrderOutcome }
  | Attempted
  | { readonly type: "dying"; readonly point: string; readonly inside?: boolean };

/** What an attempt of an activity says of itself. */
export interface Attempted {
  readonly type: "started" | "finished" | "failed";
  readonly key: string;
  readonly attempt: number;
  readonly pid: number;
  /** What a finished attempt returned. */
  readonly receipt?: string;
}

/** A ledger that is being written. */
export class Ledger {
  /** For whoever writes to it from another thread. */
  readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, "a");
  }

  /** Adds a line; it is on the disk when this returns. */
  add(entry: Entry): void {
    this.mention(entry);
    fsyncSync(this.file);
  }

  /** Adds a line that outlives this process, if not the machine. */
  mention(entry: Entry): void {
    writeSync(this.file, `${JSON.stringify(entry)}\n`);
  }
}

/** The lines of a text; half a line at its end is none. */
export function parseLedger(text: string): Entry[] {
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Entry);
}

/** All lines of a file. */
export function readLedger(path: string): Entry[] {
  return existsSync(path) ? parseLedger(readFileSync(path, "utf8")) : [];
}
