/** The checks themselves: each finds what it is for in a database that was good before it was tampered with. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/core/events.ts";
import { faultsOf } from "./check.ts";
import type { Of } from "./facts.ts";
import { type Attempted, type Entry, readLedger } from "./ledger.ts";
import { awaitEnd, startWorker } from "./lives.ts";
import { type Moment, repeats, unfinished } from "./progress-check.ts";
import { type RunRecord, readDatabase, type Snapshot } from "./snapshot.ts";

const total = 24;
const seed = "checks";
const folder = mkdtempSync(join(tmpdir(), "daruma-checks-"));
let good: Moment;

beforeAll(async () => {
  const [database, ledger] = [join(folder, "daruma.db"), join(folder, "ledger.jsonl")];
  const orders = { database, ledger, seed, total, width: total, cacheSize: 1000 };
  const end = await awaitEnd(startWorker(orders, join(folder, "compiled")), undefined);
  if (end.code !== 0) throw new Error(`The worker failed: ${end.stderr}`);
  good = { snapshot: await readDatabase(database), ledger: readLedger(ledger) };
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

type Run = RunRecord;

/** The first run that `fits`, and where it is. */
function pick(snapshot: Snapshot, fits: (run: Run) => boolean): { run: Run; at: number } {
  const at = snapshot.runs.findIndex((run) => fits(run));
  const run = snapshot.runs[at];
  if (run === undefined) throw new Error("The test needs a run that is not there.");
  return { run, at };
}

const has =
  (type: Event["type"], count = 1) =>
  (run: Run): boolean =>
    run.events.filter((event) => event.type === type).length >= count;

/** The moment with a run in place of the one that `fits`. */
function withRun(moment: Moment, fits: (run: Run) => boolean, change: (run: Run) => Run): Moment {
  const { run, at } = pick(moment.snapshot, fits);
  const runs = moment.snapshot.runs.with(at, change(run));
  return { ...moment, snapshot: { ...moment.snapshot, runs } };
}

/** The run with other events, and a row and chunks that fit them. */
function rewritten(run: Run, events: readonly Event[]): Run {
  return {
    ...run,
    events,
    row: { ...run.row, head: events.length },
    chunks: [{ seq: 1, count: events.length }],
  };
}

/** Tampers with the first events of a type. */
function withEvents(
  type: Event["type"],
  change: (found: number[], events: readonly Event[]) => Event[],
  count = 1,
) {
  return (moment: Moment): Moment =>
    withRun(moment, has(type, count), (run) => {
      const found = run.events.flatMap((event, at) => (event.type === type ? [at] : []));
      return rewritten(run, change(found, run.events));
    });
}

function edit<Type extends Event["type"]>(type: Type, fields: Partial<Of<Type>>): (moment: Moment) => Moment {
  return withEvents(type, ([at = 0], events) => events.with(at, { ...events[at], ...fields } as Event));
}

const doubled = (type: Event["type"]): ((moment: Moment) => Moment) =>
  withEvents(type, ([at = 0], events) => events.toSpliced(at, 0, ...events.slice(at, at + 1)));

const removed = (type: Event["type"]): ((moment: Moment) => Moment) =>
  withEvents(type, ([at = 0], events) => events.toSpliced(at, 1));

const withRow =
  (row: Partial<Run["row"]>) =>
  (moment: Moment): Moment =>
    withRun(moment, has("activity_completed"), (run) => ({ ...run, row: { ...run.row, ...row } }));

const withLedger =
  (change: (ledger: readonly Entry[]) => Entry[]) =>
  (moment: Moment): Moment => ({
    ...moment,
    ledger: change(moment.ledger),
  });

function firstStart(ledger: readonly Entry[]): Attempted {
  const found = ledger.find((entry): entry is Attempted => entry.type === "started");
  if (found === undefined) throw new Error("The test needs an activity.");
  return found;
}

/** The run as it was when it waited for its payment, with a row that says so. */
function waiting(run: Run, wakeAt: number | undefined): Run {
  const until = run.events.findIndex(({ type }) => type === "timer_started") + 1;
  const past = rewritten(run, run.events.slice(0, until));
  return { ...past, row: { ...past.row, status: "running", closedAt: undefined, wakeAt } };
}

const tampered: readonly [what: string, found: RegExp, tamper: (moment: Moment) => Moment][] = [
  [
    "a damaged page",
    /^integrity: /,
    (moment) => ({ ...moment, snapshot: { ...moment.snapshot, integrity: "page 3" } }),
  ],
  [
    "rows of nobody",
    /^D2: 2 rows/,
    (moment) => ({ ...moment, snapshot: { ...moment.snapshot, orphans: 2 } }),
  ],
  [
    "a hole",
    /^H1: .* has event 2 where 1/,
    (moment) =>
      withRun(moment, has("run_completed"), (run) => ({
        ...run,
        chunks: run.chunks.map(({ seq, count }) => ({ seq: seq + 1, count })),
      })),
  ],
  ["a wrong head", /^H1: .* its row says 3/, withRow({ head: 3 })],
  ["a wrong status", /^H1: the row of .* is failed/, withRow({ status: "failed" })],
  ["no beginning", /^H1: .* begins with activity/, removed("run_started")],
  ["time that goes back", /^H1: .* goes back/, edit("run_completed", { time: 1 })],
  ["a parked run", /^H3: .* is parked/, withRow({ parked: "{}" })],
  [
    "a start that is not there",
    /^D1: the acknowledged start/,
    (moment) => ({ ...moment, snapshot: { ...moment.snapshot, runs: moment.snapshot.runs.slice(1) } }),
  ],
  ["another result", /^D1: .* told another result/, edit("run_completed", { result: '"other"' })],
  ["a lost signal", /^S1: .* is lost/, removed("signal_received")],
  ["a signal twice", /^S1: .* is there twice/, doubled("signal_received")],
  ["a signal of nobody", /^S1: nobody sent/, edit("signal_received", { operation: "other" })],
  [
    "signals out of order",
    /^S1: .* out of order/,
    withEvents(
      "signal_received",
      ([one = 0, two = 0], events) => events.with(one, events[two] as Event).with(two, events[one] as Event),
      2,
    ),
  ],
  ["work that nobody asked for", /^D1: .* ran before/, removed("activity_scheduled")],
  ["one attempt twice", /^D4: .* began twice/, withLedger((ledger) => [...ledger, firstStart(ledger)])],
  ["two outcomes", /^D4: .* two accepted results/, doubled("activity_completed")],
  ["a result of no attempt", /^D4: no attempt of/, edit("activity_completed", { result: '"other"' })],
  ["a result of another attempt", /^D4: no attempt of/, edit("activity_completed", { attempt: 9 })],
  [
    "work after its outcome",
    /^D4: .* ran again after/,
    withLedger((ledger) => [...ledger, { ...firstStart(ledger), attempt: 9 }]),
  ],
  ["an early timer", /^T1: .* fired early/, edit("timer_started", { fireAt: 9e15 })],
  ["a timer twice", /^T1: .* fired twice/, doubled("timer_fired")],
  [
    "a child that was not born",
    /^D2: .* has no child/,
    (moment) => ({
      ...moment,
      snapshot: {
        ...moment.snapshot,
        runs: moment.snapshot.runs.filter(({ row }) => row.parentKey === undefined),
      },
    }),
  ],
  ["another answer of a child", /^D4: .* heard something else/, edit("child_closed", { result: '"other"' })],
  ["a child's answer twice", /^D4: .* heard twice/, doubled("child_closed")],
  ["a closed run that will wake", /^C1: /, withRow({ wakeAt: 5 })],
  [
    "a closed run that is held",
    /^C1: /,
    (moment) => withRun(moment, has("run_completed"), (run) => ({ ...run, holder: 7 })),
  ],
  [
    "a closed run with mail",
    /^C1: /,
    (moment) =>
      withRun(moment, has("run_completed"), (run) => ({
        ...run,
        inbox: [{ id: 1, key: run.row.key, body: "{}", operation: "x" }],
      })),
  ],
  [
    "a run that nobody wakes",
    /^L2: /,
    (moment) => withRun(moment, has("timer_fired"), (run) => waiting(run, undefined)),
  ],
  [
    "a run that is woken at a wrong time",
    /^L2: /,
    (moment) => withRun(moment, has("timer_fired"), (run) => waiting(run, 9e15)),
  ],
];

describe("the check of a database", () => {
  test("finds nothing in a good one", () => {
    expect(faultsOf(good.snapshot, good.ledger)).toEqual([]);
    expect(repeats(good, good)).toEqual([]);
    expect(unfinished(good, seed, total)).toEqual([]);
  });

  test.each(tampered)("finds %s", (_what, found, tamper) => {
    const { snapshot, ledger } = tamper(good);
    expect(faultsOf(snapshot, ledger)).toContainEqual(expect.stringMatching(found));
  });

  test("accepts a run that waits for its time", () => {
    const timer = pick(good.snapshot, has("timer_fired")).run.events.find(
      (event) => event.type === "timer_started",
    );
    const { snapshot } = withRun(good, has("timer_fired"), (run) => waiting(run, timer?.fireAt));
    expect(faultsOf(snapshot, good.ledger).filter((fault) => fault.startsWith("L2"))).toEqual([]);
  });
});

describe("the check between two lives", () => {
  test("finds finished work that runs again", () => {
    const again = withLedger((ledger) => [...ledger, { ...firstStart(ledger), pid: 1 }])(good);
    expect(repeats(good, again)).toContainEqual(
      expect.stringMatching(/^D4: .* was finished and ran again in 1/),
    );
  });

  test.each([
    ["a history that was changed", edit("activity_completed", { attempt: 9 })],
    ["a history that shrank", removed("run_completed")],
  ])("finds %s", (_what, tamper) => {
    expect(repeats(good, tamper(good))).toContainEqual(
      expect.stringMatching(/^H1: the history of .* was changed/),
    );
  });
});

describe("the check at the end", () => {
  test.each([
    ["a run that is open", /^L2: .* is running at the end/, withRow({ status: "running" })],
    ["an activity without an outcome", /has no single outcome/, removed("activity_completed")],
    [
      "a missing invoice",
      /has no invoice/,
      (moment: Moment) => ({
        ...moment,
        snapshot: {
          ...moment.snapshot,
          runs: moment.snapshot.runs.filter(({ row }) => row.parentKey === undefined),
        },
      }),
    ],
    [
      "a missing order",
      /is not there/,
      (moment: Moment) => ({
        ...moment,
        snapshot: { ...moment.snapshot, runs: moment.snapshot.runs.slice(1) },
      }),
    ],
    ["a call too few", /should have made/, removed("activity_scheduled")],
    [
      "a result that nobody got",
      /results instead of 24/,
      withLedger((ledger) => ledger.filter(({ type }) => type !== "result")),
    ],
  ])("finds %s", (_what, found, tamper) => {
    expect(unfinished(tamper(good), seed, total)).toContainEqual(expect.stringMatching(found));
  });
});
