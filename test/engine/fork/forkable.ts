/** What the tests of fork and retry run: one workflow with a bit of everything, and calls that are counted. */
import { activity, activityContext, child, query, runInfo, signal, sleep, update, workflow } from "daruma";
import type { Activity, Query, Signal, Update, Workflow } from "daruma";
import type { Client } from "../../../src/client/client.ts";
import type { AnyWorkflow } from "../../../src/workflow/workflow.ts";
import type { World } from "../../support/world.ts";

/** One call of an activity. */
export interface Call {
  readonly name: string;
  readonly run: string;
  readonly key: string;
  readonly attempt: number;
}

export const calls: Call[] = [];

/** Notes that it was called. */
export function note(name: string): void {
  const { runId, idempotencyKey, attempt } = activityContext();
  calls.push({ name, run: runId, key: idempotencyKey, attempt });
}

/** Whether `fragile` fails. */
export const state: { broken: boolean } = { broken: true };

export const fragile: Activity<[what: string], string> = activity(
  "fragile",
  (what: string) => {
    note(what);
    if (state.broken) throw new RangeError(`${what} is broken`);
    return what;
  },
  { retry: { maximumAttempts: 1 } },
);

/** The activities that were called, in order. */
export function called(): string[] {
  return calls.map(({ name }) => name);
}

/** Before each test. */
export function reset(): void {
  calls.splice(0);
  state.broken = true;
}

export const add: Activity<[a: number, b: number], number> = activity("add", (a: number, b: number) => {
  note("add");
  return a + b;
});

export const go: Signal<number> = signal<number>("go");
export const plus: Update<number, number> = update<number, number>("plus");
const total: Query<number> = query<number>("total");

const half = workflow("half", async (n: number) => {
  await sleep("1m");
  return add(n / 2, 0);
});

/** What it comes to. */
interface Medley {
  readonly sum: number;
  readonly lucky: number;
  readonly started: number;
}

/** Activities one after the other and side by side, a timer, a signal, a child, an update, randomness before the first of them. */
export const medley: Workflow<number | undefined, Medley> = workflow("medley", async (start = 1) => {
  const lucky = Math.floor(Math.random() * 1000);
  let sum = start;
  total.handle(() => sum);
  plus.handle(async (n) => (sum = await add(sum, n)));
  sum = await add(sum, 1);
  await sleep("10m");
  const [a, b] = await Promise.all([add(sum, 1), add(sum, 2), sleep("1h")]);
  sum += a + b;
  sum += await go.receive();
  sum += await child(half, 10);
  sum = await add(sum, 0);
  return { sum, lucky, started: runInfo().startedAt };
});

export const medleys: readonly AnyWorkflow[] = [medley, half];

/** Runs the medley to its end, with its signal and its update. */
export async function playMedley(client: Client, world: World): Promise<Medley> {
  const run = await client.start(medley, { id: "r" });
  await world.quiet();
  await world.until(run.update(plus, 5));
  await world.advance("2h");
  await run.signal(go, 100);
  return world.until(run.result());
}
