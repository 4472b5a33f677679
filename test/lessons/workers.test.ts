// Lessons about workers: two of them, hung steps, slots, and a store that goes away.
import { activity, activityContext, DarumaError, signal, sleep, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { historyOf, World } from "../support/world.ts";

const note = signal<string>("note");

describe("lesson 5: two workers never run one run at the same time", () => {
  const leaseMs = 30_000;

  it("who holds a run goes on with it; a second worker leaves it alone and passes messages on", async () => {
    const world = new World();
    const executions: string[] = [];
    const define = (worker: string) =>
      workflow("flow", async () => {
        executions.push(worker);
        const first = await note.receive();
        return [first, await note.receive()];
      });
    const options = { leaseMs, checkDeterminism: false };
    const one = await world.open([define("one")], options);
    const run = await one.start("flow", { id: "r" });
    const two = await world.open([define("two")], options);
    await two.get("r").signal(note, "from two");
    await world.advance("2m");
    await two.get("r").signal(note, "again");
    expect(await world.until(run.result())).toEqual(["from two", "again"]);
    expect(executions).toEqual(["one"]);
  });

  it("when a worker falls silent another one takes over; what the first still does is fenced off", async () => {
    const world = new World();
    const calls: [string, number][] = [];
    const gates = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const act = activity("act", async () => {
      const { attempt, idempotencyKey } = activityContext();
      calls.push([idempotencyKey, attempt]);
      return (await gates[calls.length - 1]?.promise) ?? "more than two calls";
    });
    const flow = workflow("flow", async () => act());
    const options = { leaseMs, checkDeterminism: false };
    let asleep = false;
    const silent = await world.open([flow], {
      ...options,
      wrap: (store) => withoutRenewal(store, () => asleep),
    });
    await silent.start(flow, { id: "r" });
    await world.quiet();
    asleep = true;
    await world.advance("1m");
    const second = await world.open([flow], options);
    await world.quiet();
    expect(calls.map(([, attempt]) => attempt)).toEqual([1, 2]);
    expect(new Set(calls.map(([key]) => key)).size).toBe(1);
    gates[0]?.resolve("the late one");
    await world.quiet();
    expect(silent.engine.state.counters.fenced).toBe(1);
    expect(await second.get("r").describe()).toMatchObject({ status: "running" });
    gates[1]?.resolve("the right one");
    expect(await world.until(second.get("r").result())).toBe("the right one");
    const types = (await historyOf(second, "r")).map(({ type }) => type);
    expect(types).toEqual([
      "run_started",
      "activity_scheduled",
      "activity_interrupted",
      "activity_completed",
      "run_completed",
    ]);
  });

  it("of many runs each goes through exactly once, though workers come and go", async () => {
    const world = new World();
    const done: string[] = [];
    const finish = activity("finish", async (id: string) => void done.push(id));
    const flow = workflow("flow", async (id: string) => {
      await sleep("1m");
      await finish(id);
      return id;
    });
    const options = { leaseMs, checkDeterminism: false };
    const one = await world.open([flow], options);
    const two = await world.open([flow], options);
    const ids = Array.from({ length: 60 }, (_, index) => `r${index}`);
    await Promise.all(ids.map((id, index) => (index % 2 === 0 ? one : two).start(flow, { id, input: id })));
    await world.advance("30s");
    await one.crash();
    await world.advance("5m");
    for (const id of ids) expect(await world.until(two.get(id).result())).toBe(id);
    expect(done.toSorted()).toEqual(ids.toSorted());
  });
});

describe("lesson 6: a hung step holds up nobody but its own run", () => {
  it("other runs and other activities go on; the hung one is called once and ends by its time limit", async () => {
    const world = new World();
    let hung = 0;
    const hang = activity("hang", async () => (hung++, new Promise<string>(() => {})), {
      startToCloseTimeout: "1h",
      retry: { maximumAttempts: 1 },
    });
    const quick = activity("quick", async (n: number) => n);
    const flow = workflow("flow", async (n: number) =>
      n === 0 ? hang().catch((error: Error) => error.name) : Promise.all([quick(n), quick(n + 1)]),
    );
    const daruma = await world.open([flow]);
    const stuck = await daruma.start(flow, { input: 0 });
    const others = await Promise.all([1, 2, 3].map((input) => daruma.start(flow, { input })));
    const start = world.clock.now();
    for (const [index, run] of others.entries())
      expect(await world.until(run.result())).toEqual([index + 1, index + 2]);
    expect(world.clock.now()).toBe(start);
    expect(await world.until(stuck.result())).toBe("TimeoutError");
    expect(hung).toBe(1);
  });
});

describe("lesson 7: a slot is given back, however an attempt ends", () => {
  const endings: readonly [string, (fail: () => never) => Promise<unknown>][] = [
    ["with a result", async () => "fine"],
    ["with an error", async (fail) => fail()],
    ["never, but for its time limit", async () => new Promise(() => {})],
  ];

  it.each(endings)("%s", async (_name, ending) => {
    const world = new World();
    const act = activity(
      "act",
      async () =>
        ending(() => {
          throw new Error("sick");
        }),
      {
        startToCloseTimeout: "1m",
        retry: { maximumAttempts: 2, backoff: { type: "fixed", initialInterval: "1s" } },
      },
    );
    const flow = workflow("flow", async () =>
      act().then(
        () => "ok",
        (error: Error) => error.name,
      ),
    );
    const daruma = await world.open([flow], { slots: 1 });
    const runs = await Promise.all([1, 2, 3].map(() => daruma.start(flow)));
    const results = await world.until(Promise.all(runs.map((run) => run.result())));
    expect(new Set(results).size).toBe(1);
    expect(daruma.engine.state.activities.running).toBe(0);
  });

  it("also when its run is canceled, terminated or taken away between two steps, and after a crash", async () => {
    const world = new World();
    const act = activity("act", async (n: number) => {
      await activityContext().sleep("10m");
      return n;
    });
    const flow = workflow("flow", async (n: number) => (await act(n)) + (await act(n)));
    const options = { slots: 1 };
    const before = await world.open([flow], options);
    const [first, second] = [await before.start(flow, { input: 1 }), await before.start(flow, { input: 2 })];
    await before.start(flow, { id: "third", input: 3 });
    await world.advance("15m");
    await first.cancel();
    await world.advance("1m");
    await second.terminate();
    await world.advance("15m");
    const after = await world.restart([flow], options);
    expect(await world.until(after.get("third").result())).toBe(6);
    expect(after.engine.state.activities.running).toBe(0);
  });
});

describe("lesson 8: a store that was away is back without anybody's help", () => {
  it("everything waits, nothing is lost, nothing is done twice", async () => {
    const world = new World();
    const outage = unavailable();
    const calls: number[] = [];
    const act = activity("act", async (n: number) => void calls.push(n));
    const flow = workflow("flow", async (n: number) => {
      await act(n);
      await sleep("1m");
      await act(n + 100);
      return note.receive();
    });
    const daruma = await world.open([flow], { wrap: (store) => outage.wrap(store), leaseMs: 30_000 });
    const runs = await Promise.all([1, 2, 3].map((input) => daruma.start(flow, { input })));
    await world.quiet();
    outage.begin();
    await world.advance("5s");
    const sent = Promise.all(runs.map((run) => run.signal(note, "after")));
    await world.advance("5s");
    outage.end();
    await world.until(sent);
    for (const run of runs) expect(await world.until(run.result())).toBe("after");
    expect(calls.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 101, 102, 103]);
  });

  it("a worker that was closed hears nothing any more, and eats nothing", async () => {
    const world = new World();
    const flow = workflow("flow", async () => note.receive());
    const options = { leaseMs: 30_000, checkDeterminism: false };
    const old = await world.open([flow], options);
    await old.start(flow, { id: "r" });
    await world.quiet();
    await world.until(old.close());
    expect(world.database.listeners.size).toBe(0);
    const [idle, next] = [await world.open([], options), await world.open([flow], options)];
    await idle.get("r").signal(note, "hello");
    expect(await world.until(next.get("r").result())).toBe("hello");
  });
});

/** A store whose renewals of the lease do not get through while `asleep`. */
function withoutRenewal(store: Store, asleep: () => boolean): Store {
  const { sessions } = store;
  const renew: typeof sessions.renew = async (session, leaseMs) =>
    asleep() ? "renewed" : sessions.renew(session, leaseMs);
  return { ...store, sessions: { ...sessions, renew } };
}

/** A store that can be away: no operation is answered then, and none takes effect. */
function unavailable(): { begin(): void; end(): void; wrap(store: Store): Store } {
  let away = false;
  const refuse = async (): Promise<never> => {
    throw new DarumaError("DRM-STORE-UNAVAILABLE", { message: "The store is away." });
  };
  const guard = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, name): unknown {
        const value: unknown = Reflect.get(target, name);
        if (typeof value === "object" && value !== null) return guard(value);
        if (typeof value !== "function" || name === "listen" || name === "isShared") return value;
        return (...args: unknown[]): unknown => (away ? refuse() : Reflect.apply(value, target, args));
      },
    });
  return { begin: () => void (away = true), end: () => void (away = false), wrap: (store) => guard(store) };
}
