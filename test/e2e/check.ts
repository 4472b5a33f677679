/**
 * What must be true of a database after a crash at any moment, compared with the outside ledger. Each rule returns what it found to be wrong, with the
 * number of the invariant that is broken (docs/adr and ARCHITECTURE.md list them).
 */
import { decodePayload } from "../../src/core/payload.ts";
import { isClosed } from "../../src/core/status.ts";
import type { Entry } from "./ledger.ts";
import {
  attempts,
  eventsOf,
  type Facts,
  factsOf,
  type Run,
  splitKey,
  takenSignals,
  waitingSignals,
} from "./facts.ts";
import type { Snapshot } from "./snapshot.ts";

type Rule = (facts: Facts) => string[];

/** The file is whole, and nothing in it belongs to nobody. */
const whole: Rule = ({ snapshot }) => [
  ...(snapshot.integrity === "ok" ? [] : [`integrity: ${snapshot.integrity}`]),
  ...(snapshot.orphans === 0 ? [] : [`D2: ${snapshot.orphans} rows belong to no run`]),
];

function chunkFaults({ name, row, chunks, events }: Run): string[] {
  const faults: string[] = [];
  let next = 1;
  for (const { seq, count } of chunks) {
    if (seq !== next) faults.push(`H1: ${name} has event ${seq} where ${next} belongs`);
    next = seq + count;
  }
  if (events.length !== row.head)
    faults.push(`H1: ${name} has ${events.length} events, its row says ${row.head}`);
  if (events[0]?.type !== "run_started") faults.push(`H1: ${name} begins with ${events[0]?.type}`);
  if (events.some(({ time }, at) => time < (events[at - 1]?.time ?? 0)))
    faults.push(`H1: ${name} goes back in time`);
  return faults;
}

/** Histories are dense, and rows say what histories say. */
const histories: Rule = ({ runs }) =>
  runs.flatMap((run) => {
    const { name, row, progress } = run;
    const faults = chunkFaults(run);
    if (row.status !== progress.status)
      faults.push(`H1: the row of ${name} is ${row.status}, its history ${progress.status}`);
    if (row.parked !== undefined) faults.push(`H3: ${name} is parked: ${row.parked}`);
    return faults;
  });

/** What was acknowledged is there. */
const acknowledged: Rule = ({ ledger, byName }) =>
  ledger.flatMap((entry) => {
    if (entry.type === "acknowledged" && entry.kind === "start") {
      const row = byName.get(`${entry.run}/1`)?.row;
      return row?.operation === entry.operation
        ? []
        : [`D1: the acknowledged start of ${entry.run} is not there`];
    }
    if (entry.type !== "result") return [];
    const run = byName.get(`${entry.run}/1`);
    const closing = run?.events.at(-1);
    const result = closing?.type === "run_completed" ? decodePayload(closing.result ?? "null") : undefined;
    const same = JSON.stringify(result) === JSON.stringify(entry.outcome);
    return same ? [] : [`D1: ${entry.run} told another result than its history has`];
  });

/** The operations of a run's signals in the ledger, each once. */
function signalsIn(ledger: readonly Entry[], type: "asked" | "acknowledged", run: string): string[] {
  const mine = ledger.flatMap((entry) =>
    entry.type === type && entry.kind === "signal" && entry.run === run ? [entry.operation] : [],
  );
  return [...new Set(mine)];
}

function signalFaults(run: Run, ledger: readonly Entry[]): string[] {
  const known = [...takenSignals(run), ...waitingSignals(run)];
  const told = signalsIn(ledger, "acknowledged", run.row.id);
  const asked = signalsIn(ledger, "asked", run.row.id);
  const lost = told.filter((operation) => !known.includes(operation));
  const twice = known.filter((operation, at) => known.indexOf(operation) !== at);
  const invented = known.filter((operation) => !asked.includes(operation));
  const places = told.map((operation) => known.indexOf(operation)).filter((place) => place !== -1);
  return [
    ...lost.map((operation) => `S1: the acknowledged signal ${operation} is lost`),
    ...twice.map((operation) => `S1: the signal ${operation} is there twice`),
    ...invented.map((operation) => `S1: nobody sent the signal ${operation}`),
    ...(places.every((place, at) => place > (places[at - 1] ?? -1))
      ? []
      : [`S1: the signals of ${run.name} are out of order`]),
  ];
}

/** Acknowledged signals are there once, in order. */
const signals: Rule = ({ runs, ledger }) => runs.flatMap((run) => signalFaults(run, ledger));

/** No activity ran that the history does not know, and none twice under one number in one process. */
const started: Rule = ({ ledger, byName }) => {
  const seen = new Set<string>();
  return attempts(ledger, "started").flatMap(({ key, attempt, pid }) => {
    const { name, ref } = splitKey(key);
    const run = byName.get(name);
    const known = run !== undefined && eventsOf(run, "activity_scheduled").some((event) => event.ref === ref);
    const call = `${key} attempt ${attempt} in ${pid}`;
    const faults = known ? [] : [`D1: the activity ${key} ran before it was durable that it should`];
    if (seen.has(call)) faults.push(`D4: ${call} began twice`);
    seen.add(call);
    return faults;
  });
};

function outcomeFaults(run: Run, ledger: readonly Entry[]): string[] {
  const scheduled = new Set(eventsOf(run, "activity_scheduled").map(({ ref }) => ref));
  const failed = eventsOf(run, "activity_failed").map(({ ref }) => `D4: ${run.name}/${ref} failed for good`);
  const completed = eventsOf(run, "activity_completed");
  const refs = completed.map(({ ref }) => ref);
  return completed.flatMap(({ ref, attempt, result }, at) => {
    const key = `${run.name}/${ref}`;
    const faults = [...(at === 0 ? failed : [])];
    if (!scheduled.has(ref)) faults.push(`D4: ${key} has an outcome and was never asked for`);
    if (refs.indexOf(ref) !== at) faults.push(`D4: ${key} has two accepted results`);
    const receipt = decodePayload(result ?? "null");
    const mine = ledger.filter((entry) => "key" in entry && entry.key === key);
    if (
      !mine.some(
        (entry) => entry.type === "finished" && entry.attempt === attempt && entry.receipt === receipt,
      )
    )
      faults.push(`D4: no attempt of ${key} returned what the history accepted`);
    if (mine.some((entry) => entry.type === "started" && entry.attempt > attempt))
      faults.push(`D4: ${key} ran again after its outcome`);
    return faults;
  });
}

/** Each activity has at most one accepted outcome; it is what an attempt returned, and no later attempt ran. */
const outcomes: Rule = ({ runs, ledger }) => runs.flatMap((run) => outcomeFaults(run, ledger));

/** A timer fires once and never early. */
const timers: Rule = ({ runs }) =>
  runs.flatMap((run) => {
    const fired = eventsOf(run, "timer_fired");
    return fired.flatMap(({ ref, time }, at) => {
      const timer = eventsOf(run, "timer_started").find((event) => event.ref === ref);
      const faults =
        timer !== undefined && timer.fireAt <= time ? [] : [`T1: timer ${ref} of ${run.name} fired early`];
      return fired.findIndex((other) => other.ref === ref) === at
        ? faults
        : [...faults, `T1: timer ${ref} of ${run.name} fired twice`];
    });
  });

/** A child is born with the event that says so, and its parent hears what became of it. */
const children: Rule = ({ runs, byName }) =>
  runs.flatMap((run) =>
    eventsOf(run, "child_started").flatMap(({ id, ref }) => {
      const child = byName.get(`${id}/1`);
      if (child?.row.parentKey !== run.row.key) return [`D2: ${run.name} has no child ${id}`];
      const heard = eventsOf(run, "child_closed").filter((event) => event.ref === ref);
      if (heard.length > 1) return [`D4: ${run.name} heard twice of ${id}`];
      const closing = child.events.at(-1);
      const result = closing?.type === "run_completed" ? closing.result : undefined;
      return heard.every((event) => event.result === result)
        ? []
        : [`D4: ${run.name} heard something else of ${id}`];
    }),
  );

/** A closed run holds nothing. */
const closed: Rule = ({ runs }) =>
  runs
    .filter(({ row }) => isClosed(row.status))
    .filter(
      ({ row, holder, inbox, heartbeats }) =>
        holder !== undefined || row.wakeAt !== undefined || row.paused || inbox.length + heartbeats > 0,
    )
    .map(({ name }) => `C1: ${name} is closed and holds something`);

/** True if something that the engine finds by itself, or a message that is on its way, will move the run. */
function moves(run: Run, { byName }: Facts): boolean {
  const { row, progress, inbox } = run;
  const wakeAt = progress.wakeAt() ?? (run.events.length === 1 ? 0 : undefined);
  if (inbox.length > 0 || row.wakeAt === 0) return true;
  const open = [...progress.children.values()].map(({ started: { id } }) => byName.get(`${id}/1`));
  if (open.some((child) => child !== undefined && !isClosed(child.row.status))) return true;
  return wakeAt !== undefined && row.wakeAt === wakeAt;
}

/** Every open run has a reason to move. An order that waits for its customer has a timer too. */
const reasons: Rule = (facts) =>
  facts.runs
    .filter((run) => !isClosed(run.row.status) && !moves(run, facts))
    .map(({ name, row }) => `L2: ${name} has no reason to move (wakes at ${row.wakeAt})`);

const rules: readonly Rule[] = [
  whole,
  histories,
  acknowledged,
  signals,
  started,
  outcomes,
  timers,
  children,
  closed,
  reasons,
];

/** What is wrong with a database, given all that the outside knows. */
export function faultsOf(snapshot: Snapshot, ledger: readonly Entry[]): string[] {
  const facts = factsOf(snapshot, ledger);
  return rules.flatMap((rule) => rule(facts));
}
