// Nothing leaves the process before what caused it is durable (D1), and what has been said is done once (D3).
import { activity, continueAsNew, query, signal, sleep, update, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { Gate } from "../support/gate.ts";
import { historyOf, typesOf, World } from "../support/world.ts";
import type { Worker } from "../support/world.ts";

const note = signal<string>("note");
const count = query<number>("count");
const add = update<number, number>("add");

/** A worker behind a gate. */
async function gated(
  workflows: Parameters<World["open"]>[0],
): Promise<{ world: World; gate: Gate; daruma: Worker }> {
  const world = new World();
  const gate = new Gate();
  const daruma = await world.open(workflows, { wrap: gate.before, checkDeterminism: false });
  return { world, gate, daruma };
}

/** What has become of promises so far. */
function watch(promises: readonly Promise<unknown>[]): string[] {
  const seen: string[] = [];
  for (const [index, promise] of promises.entries())
    promise.then(
      () => seen.push(`${index} +`),
      (error: { code?: string }) => seen.push(`${index} ${error.code}`),
    );
  return seen;
}

const counter = workflow("counter", async () => {
  let sum = 0;
  count.handle(() => sum);
  add.handle((n) => (sum += n));
  note.handle(() => void (sum += 1));
  await sleep("1h");
  return sum;
});

describe("before a commit", () => {
  it("no start, signal, cancel or update is acknowledged, no query answered with what is not durable", async () => {
    const { world, gate, daruma } = await gated([counter]);
    gate.shut();
    const started = daruma.start(counter, { id: "r" });
    const first = watch([started]);
    await world.quiet();
    expect([first, await daruma.engine.state.options.store.runs.byId("r")]).toEqual([[], undefined]);
    gate.open();
    const run = await started;
    gate.shut();
    const asked = watch([run.signal(note, "x"), run.update(add, 5), run.query(count)]);
    await world.quiet();
    expect(asked).toEqual([]);
    gate.open();
    await world.quiet();
    expect(asked.toSorted()).toEqual(["0 +", "1 +", "2 +"]);
    gate.shut();
    const ended = watch([run.cancel(), run.update(add, 5), run.result()]);
    await world.quiet();
    expect(ended).toEqual([]);
    gate.open();
    await world.quiet();
    expect(ended.toSorted()).toEqual(["0 +", "1 DRM-RUN-CLOSED", "2 DRM-RUN-CANCELED"]);
  });

  it("no activity is called, and no result is told", async () => {
    const calls: string[] = [];
    const act = activity("act", async () => void calls.push("act"));
    const flow = workflow("flow", async () => act());
    const { world, gate, daruma } = await gated([flow]);
    gate.shut();
    const started = daruma.start(flow, { id: "r" });
    await world.quiet();
    expect(calls).toEqual([]);
    gate.open();
    const run = await started;
    gate.shut();
    await world.quiet();
    const ended = watch([run.result()]);
    await world.quiet();
    expect([calls, ended]).toEqual([["act"], []]);
    gate.open();
    await world.quiet();
    expect(ended).toEqual(["0 +"]);
  });

  it("a crash undoes what was not acknowledged, and nothing else", async () => {
    const { world, gate, daruma } = await gated([counter]);
    const run = await daruma.start(counter, { id: "r" });
    await run.signal(note, "acknowledged");
    gate.shut();
    const lost = watch([run.signal(note, "lost"), daruma.start(counter, { id: "never" })]);
    await world.quiet();
    const after = await world.restart([counter]);
    expect(lost).toEqual([]);
    expect(await after.get("r").query(count)).toBe(1);
    await expect(after.get("never").describe()).rejects.toMatchObject({ code: "DRM-RUN-NOT-FOUND" });
  });
});

describe("an answer of the store that is lost", () => {
  it("is asked for again; what was committed is not done twice", async () => {
    const calls: string[] = [];
    const act = activity("act", async (name: string) => void calls.push(name));
    const flow = workflow("flow", async () => {
      await act("a");
      await note.receive();
      await act("b");
      return note.unread();
    });
    const { world, gate, daruma } = await gated([flow]);
    gate.lostAnswers = 2;
    const run = await world.until(daruma.start(flow, { id: "r" }));
    await world.quiet();
    gate.lostAnswers = 3;
    await world.until(run.signal(note, "x"));
    gate.lostAnswers = 1;
    expect(await world.until(run.result())).toBe(0);
    expect(calls).toEqual(["a", "b"]);
    expect((await typesOf(daruma, "r")).filter((type) => type === "signal_received")).toHaveLength(1);
  });
});

describe("what comes while a run is closing", () => {
  it("is answered: signals and cancels are refused, updates too, queries are answered from the end", async () => {
    const flow = workflow("flow", async () => {
      count.handle(() => 7);
      add.handle((n) => n);
      return note.receive();
    });
    const { world, gate, daruma } = await gated([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    gate.shut();
    const last = run.signal(note, "last");
    await world.quiet();
    const late = watch([
      run.signal(note, "late"),
      run.update(add, 1),
      run.cancel(),
      run.query(count),
      daruma.start(flow, { id: "r" }),
    ]);
    await world.quiet();
    // That the id is taken has long been durable.
    expect(late).toEqual(["4 DRM-DUPLICATE-RUN"]);
    gate.open();
    await last;
    expect(await world.until(run.result())).toBe("last");
    await world.quiet();
    expect(late.toSorted()).toEqual([
      "0 DRM-RUN-CLOSED",
      "1 DRM-RUN-CLOSED",
      "2 DRM-RUN-CLOSED",
      "3 +",
      "4 DRM-DUPLICATE-RUN",
    ]);
  });

  it("goes to the run that continues it: signals in order, updates once", async () => {
    const chain = workflow("chain", async (seen: readonly string[] = []): Promise<readonly string[]> => {
      add.handle((n) => n * 10);
      const all = [...seen, await note.receive()];
      return all.length === 4 ? all : continueAsNew(all);
    });
    const { world, gate, daruma } = await gated([chain]);
    const run = await daruma.start(chain, { id: "r" });
    await world.quiet();
    gate.shut();
    const sent = [run.signal(note, "1")];
    await world.quiet();
    sent.push(run.signal(note, "2"), run.signal(note, "3"));
    const answered = run.update(add, 4);
    await world.quiet();
    gate.open();
    await world.until(Promise.all(sent));
    expect(await world.until(answered)).toBe(40);
    await run.signal(note, "4");
    expect(await world.until(run.result())).toEqual(["1", "2", "3", "4"]);
  });
});

describe("starts of one id at the same time", () => {
  it("that are one operation are one run; another operation is refused; none sees the other's state", async () => {
    const named = workflow("named", async (n: number) => {
      count.handle(() => n);
      return sleep("1h");
    });
    const { world, gate, daruma } = await gated([named]);
    gate.shut();
    const starts = [
      daruma.start(named, { id: "r", input: 1, operation: "op" }),
      daruma.start(named, { id: "r", input: 1, operation: "op" }),
      daruma.start(named, { id: "r", input: 2 }),
    ];
    const seen = watch(starts);
    await world.quiet();
    expect(seen).toEqual([]);
    gate.open();
    await world.quiet();
    expect(seen.toSorted()).toEqual(["0 +", "1 +", "2 DRM-DUPLICATE-RUN"]);
    expect(await daruma.get("r").query(count)).toBe(1);
  });

  it("a start that turns out a duplicate answers nothing in the name of the run that has the id", async () => {
    const named = workflow("named", async (n: number) => {
      count.handle(() => n);
      note.handle(() => {});
      await sleep("1h");
      return n;
    });
    const world = new World();
    const gate = new Gate();
    const daruma = await world.open([named], { wrap: gate.before, cacheSize: 0, checkDeterminism: false });
    const run = await daruma.start(named, { id: "r", input: 1 });
    await world.quiet();
    gate.shut();
    const second = watch([daruma.start(named, { id: "r", input: 2 })]);
    await world.quiet();
    const answers = [run.query(count), run.signal(note, "x"), run.result()] as const;
    await world.quiet();
    gate.open();
    expect(await world.until(answers[0])).toBe(1);
    await answers[1];
    expect(await world.until(answers[2])).toBe(1);
    expect(second).toEqual(["0 DRM-DUPLICATE-RUN"]);
    expect((await typesOf(daruma, "r")).filter((type) => type === "signal_received")).toHaveLength(1);
  });
});

describe("closing", () => {
  it("lets activities that are at work finish, and keeps their results", async () => {
    const world = new World();
    const gate = Promise.withResolvers<string>();
    let calls = 0;
    const act = activity("act", async () => (calls++, gate.promise));
    const flow = workflow("flow", async () => act());
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    await world.quiet();
    const closed = before.close();
    await world.quiet();
    gate.resolve("finished");
    await world.until(closed);
    const after = await world.open([flow]);
    expect(await world.until(after.get("r").result())).toBe("finished");
    expect(calls).toBe(1);
  });

  it("aborts those that take too long; they are called again when their run goes on", async () => {
    const world = new World();
    const attempts: number[] = [];
    const act = activity("act", async () => {
      attempts.push(attempts.length + 1);
      return attempts.length === 1 ? new Promise<string>(() => {}) : "second time";
    });
    const flow = workflow("flow", async () => act());
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    await world.quiet();
    const start = world.clock.now();
    await world.until(before.close());
    expect(world.clock.now() - start).toBe(1000);
    const after = await world.open([flow]);
    expect(await world.until(after.get("r").result())).toBe("second time");
    expect(await historyOf(after, "r")).toMatchObject([
      { type: "run_started" },
      { type: "activity_scheduled" },
      { type: "activity_interrupted", count: 1 },
      { type: "activity_completed", attempt: 2 },
      { type: "run_completed" },
    ]);
  });

  it("tells those who wait", async () => {
    const world = new World();
    const daruma = await world.open([counter]);
    const run = await daruma.start(counter, { id: "r" });
    const waiting = watch([run.result()]);
    await world.until(daruma.close());
    await world.quiet();
    expect(waiting).toEqual(["0 DRM-CLOSED"]);
  });
});

describe("several workers on one database", () => {
  it("whoever asks gets the result of a run, whoever holds it", async () => {
    const world = new World();
    const options = { leaseMs: 30_000, checkDeterminism: false };
    const holder = await world.open([counter], options);
    const other = await world.open([counter], options);
    await holder.start(counter, { id: "r" });
    const waiting = other.get("r").result();
    await world.advance("30m");
    await other.get("r").signal(note, "x");
    expect(await world.until(waiting)).toBe(1);
  });
});
