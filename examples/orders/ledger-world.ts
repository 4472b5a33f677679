/**
 * A world that is one file: each line is an effect that has happened.
 *
 * Invariants: a line is on the disk before its receipt is given out; no key has two lines. Half a line at the end is of a process that died while it wrote,
 * so nobody has its receipt, and it is cut off.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Effect, World } from "./world.ts";

/** An effect that has happened. */
export interface Entry extends Effect {
  /** The number of its receipt. */
  readonly receipt: string;
}

/** A world in a file. */
export class LedgerWorld implements World {
  readonly #file: number;
  readonly #entries: Map<string, Entry> = new Map();

  /** Reads what has happened so far; makes the file if there is none. */
  constructor(path: string) {
    this.#file = openSync(path, "a+");
    const text = readFileSync(path, "utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    ftruncateSync(this.#file, Buffer.byteLength(whole));
    for (const line of whole.split("\n").slice(0, -1)) this.#remember(JSON.parse(line) as Entry);
  }

  /** All that has happened, in order. */
  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  async perform(effect: Effect): Promise<string> {
    const done = this.#entries.get(effect.idempotencyKey);
    if (done !== undefined) return done.receipt;
    const receipt = `${effect.kind}-${this.#entries.size + 1}`;
    const entry = { ...effect, receipt };
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#file);
    this.#remember(entry);
    return receipt;
  }

  close(): void {
    closeSync(this.#file);
  }

  #remember(entry: Entry): void {
    this.#entries.set(entry.idempotencyKey, entry);
  }
}
