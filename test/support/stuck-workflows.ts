// Workflows that do not give the thread back, and others that do nothing wrong beside them.
import { activity, condition, query, signal, sleep, update, workflow } from "../../src/index.ts";
import type { Activity, Query, Signal, Update, Workflow } from "../../src/index.ts";

/** Long enough that nobody reaches it by bad luck, short enough for a test. */
export const turnMs = 200;

/** Keeps the thread for good. */
export function forever(): never {
  for (;;);
}

/** Keeps the thread for good, though each step of it is short. */
export async function foreverInMicrotasks(): Promise<never> {
  for (;;) await Promise.resolve();
}

export const echo: Activity<[number], number> = activity("echo", (value) => value);

export const go: Signal<void> = signal("go");
export const ask: Query<string, [string]> = query("ask");
export const change: Update<number, number> = update("change");
const never = signal("never");

export const honest: Workflow<number, number> = workflow("honest", async (value) => {
  const first = await echo(value);
  await sleep(1);
  return first + (await echo(1));
});

/** Each gets stuck in its own way: at once, or when it gets the signal `go` or the update `change`. */
export const stuck: readonly Workflow<void, unknown>[] = [
  workflow("at the start", () => forever()),
  workflow("after an activity", async () => {
    await echo(1);
    forever();
  }),
  workflow("in microtasks", foreverInMicrotasks),
  workflow("in a signal handler", async () => {
    go.handle(() => forever());
    await never.receive();
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
    await never.receive();
  }),
  workflow("in a regular expression", async () => {
    await go.receive();
    return /^(?:a+)+$/.test(`${"a".repeat(60)}b`);
  }),
];
