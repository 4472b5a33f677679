/** What the checks look things up in: a snapshot and a ledger, by run, by key and by operation. */
import type { Event } from "../../src/core/events.ts";
import type { Message } from "../../src/core/messages.ts";
import { Progress } from "../../src/core/progress.ts";
import type { Attempted, Entry } from "./ledger.ts";
import type { RunRecord, Snapshot } from "./snapshot.ts";

/** A run with what its history says of it. */
export interface Run extends RunRecord {
  readonly name: string;
  readonly progress: Progress;
}

/** A snapshot and a ledger. */
export interface Facts {
  readonly snapshot: Snapshot;
  readonly ledger: readonly Entry[];
  readonly runs: readonly Run[];
  readonly byName: ReadonlyMap<string, Run>;
  readonly byKey: ReadonlyMap<number, Run>;
}

/** Events of one kind. */
export type Of<Type extends Event["type"]> = Extract<Event, { readonly type: Type }>;

/** The events of one kind, in order. */
export function eventsOf<Type extends Event["type"]>(run: Run, type: Type): Of<Type>[] {
  return run.events.filter((event): event is Of<Type> => event.type === type);
}

/** The name of a run in idempotency keys: `order-1/1` for the first generation of order-1. */
function nameOf({ row }: RunRecord): string {
  return `${row.id}/${row.generation}`;
}

/** Puts a snapshot and a ledger in order. */
export function factsOf(snapshot: Snapshot, ledger: readonly Entry[]): Facts {
  const runs = snapshot.runs.map((record): Run => {
    const progress = new Progress();
    for (const event of record.events) progress.apply(event);
    return { ...record, name: nameOf(record), progress };
  });
  return {
    snapshot,
    ledger,
    runs,
    byName: new Map(runs.map((run) => [run.name, run])),
    byKey: new Map(runs.map((run) => [run.row.key, run])),
  };
}

/** The run and the number of the command behind an idempotency key. */
export function splitKey(key: string): { readonly name: string; readonly ref: number } {
  const slash = key.lastIndexOf("/");
  return { name: key.slice(0, slash), ref: Number(key.slice(slash + 1)) };
}

/** What attempts of activities wrote down. */
export function attempts(ledger: readonly Entry[], type: Attempted["type"]): Attempted[] {
  return ledger.filter((entry): entry is Attempted => entry.type === type);
}

/** The operations of the signals that a run's history has taken up. */
export function takenSignals(run: Run): string[] {
  return eventsOf(run, "signal_received").map(({ operation }) => operation);
}

/** The operations of the signals that wait for a run. One that was taken up may wait once more, because its sender repeated it: it will change nothing. */
export function waitingSignals(run: Run): string[] {
  const taken = new Set(takenSignals(run));
  return run.inbox
    .filter(({ body, operation }) => (JSON.parse(body) as Message).type === "signal" && !taken.has(operation))
    .map(({ operation }) => operation);
}
