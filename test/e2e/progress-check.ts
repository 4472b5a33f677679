/** What must be true between two lives, and when the last one is over. */
import type { Entry } from "./ledger.ts";
import { attempts, eventsOf, factsOf, type Facts, type Run } from "./facts.ts";
import { orderPlan } from "./orders.ts";
import type { Snapshot } from "./snapshot.ts";

/** A moment at which nobody had the database open. */
export interface Moment {
  readonly snapshot: Snapshot;
  readonly ledger: readonly Entry[];
}

/** Keys of activities whose outcome is in a history. */
function settledKeys({ runs }: Facts): Set<string> {
  return new Set(
    runs.flatMap((run) => eventsOf(run, "activity_completed").map(({ ref }) => `${run.name}/${ref}`)),
  );
}

/** What a life may not undo or repeat: histories only grow, and finished work never runs again. */
export function repeats(before: Moment, after: Moment): string[] {
  const [old, now] = [factsOf(before.snapshot, before.ledger), factsOf(after.snapshot, after.ledger)];
  const settled = settledKeys(old);
  const again = attempts(after.ledger.slice(before.ledger.length), "started").filter(({ key }) =>
    settled.has(key),
  );
  const changed = old.runs.filter(({ name, events }) => {
    const same = now.byName.get(name)?.events.slice(0, events.length) ?? [];
    return JSON.stringify(same) !== JSON.stringify(events);
  });
  return [
    ...again.map(({ key, pid }) => `D4: ${key} was finished and ran again in ${pid}`),
    ...changed.map(({ name }) => `H1: the history of ${name} was changed`),
  ];
}

function openCommands(run: Run): string[] {
  const outcomes = eventsOf(run, "activity_completed").map(({ ref }) => ref);
  return eventsOf(run, "activity_scheduled").flatMap(({ ref }) =>
    outcomes.filter((other) => other === ref).length === 1
      ? []
      : [`D4: ${run.name}/${ref} has no single outcome`],
  );
}

/** How often each kind of activity belongs to an order. */
function expectedCalls(seed: string, index: number): Record<string, number> {
  const { input, pays } = orderPlan(seed, index);
  const items = input.items.length;
  return pays ? { reserve: items, charge: 1, ship: 1 } : { reserve: items, charge: 1, release: items };
}

function orderFaults({ byName }: Facts, seed: string, index: number): string[] {
  const { id, pays } = orderPlan(seed, index);
  const run = byName.get(`${id}/1`);
  if (run === undefined) return [`${id} was asked for and is not there`];
  const calls = eventsOf(run, "activity_scheduled").map(({ name }) => name);
  const wrong = Object.entries(expectedCalls(seed, index)).filter(
    ([name, count]) => calls.filter((call) => call === name).length !== count,
  );
  const invoiced = byName.get(`${id}-invoice/1`) !== undefined;
  return [
    ...wrong.map(([name, count]) => `${id} should have made ${count} calls of ${name}: ${calls.join(", ")}`),
    ...(invoiced === pays ? [] : [`${id} ${pays ? "has no" : "has an"} invoice`]),
  ];
}

/** What is wrong with a database whose last life let everything finish: so many orders were to be placed. */
export function unfinished({ snapshot, ledger }: Moment, seed: string, total: number): string[] {
  const facts = factsOf(snapshot, ledger);
  const open = facts.runs.filter(({ row }) => row.status !== "completed");
  const results = ledger.filter(({ type }) => type === "result").length;
  const indexes = Array.from({ length: total }, (_, index) => index);
  const invoices = indexes.filter((index) => orderPlan(seed, index).pays).length;
  return [
    ...open.map(({ name, row }) => `L2: ${name} is ${row.status} at the end`),
    ...facts.runs.flatMap(openCommands),
    ...indexes.flatMap((index) => orderFaults(facts, seed, index)),
    ...(facts.runs.length === total + invoices
      ? []
      : [`${facts.runs.length} runs instead of ${total + invoices}`]),
    ...(results === total ? [] : [`${results} results instead of ${total}`]),
  ];
}
