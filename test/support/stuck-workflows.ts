// Workflows that do not give the thread back, and others that do nothing wrong beside them.
import { activity, condition, query, signal, sleep, update, workflow } from "../../src/index.ts";

/** Long enough that nobody reaches it by bad luck, short enough for a test. */
export const turnMs = 200;

/** Keeps the thread for good. */
export function forever(): never {
  for (;;);
}

/** Keeps the thread for `ms`. */
export function busy(ms: number): void {
  const until = process.hrtime.bigint() + BigInt(ms) * 1_000_000n;
  // Inside a workflow the clock stands still, so that the loop counts on the real one of the shared memory.
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let round = 0; round < 1e12 && Number(until) > 0; round++) {
    if (Atomics.load(cell, 0) === 1) return;
  }
}

export const echo = activity("echo", async (value: number) => value);

export const go = signal("go");
export const hold = signal("hold");
export const ask = query<string, [string]>("ask");
export const change = update<number, number>("change");

export const honest = workflow("honest", async (value: number) => {
  const first = await echo(value);
  await sleep(1);
  return first + (await echo(1));
});

/** Each gets stuck in its own way when it gets the signal `go` (the first ones before). */
export const stuck = [
  workflow("at the start", () => forever()),
  workflow("after an activity", async () => {
    await echo(1);
    forever();
  }),
  workflow("in microtasks", async () => {
    for (;;) await null;
  }),
  workflow("in a signal handler", async () => {
    go.handle(() => forever());
    await hold.receive();
  }),
  workflow("after a signal", async () => {
    await go.receive();
    forever();
  }),
  workflow("in a condition", async () => {
    let arrived = false;
    go.handle(() => void (arrived = true));
    await condition(() => arrived && forever());
  }),
  workflow("in an update", async () => {
    change.handle(() => forever());
    await hold.receive();
  }),
  workflow("in a regular expression", async () => {
    await go.receive();
    return /^(?:a+)+$/.test(`${"a".repeat(60)}b`);
  }),
] as const;
