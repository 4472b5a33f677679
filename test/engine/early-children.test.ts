// Children that have their first turn in the group of the turn that starts them: see src/engine/early.ts.
import { activity, child, continueAsNew, DuplicateRunError, signal, sleep, workflow } from "daruma";
import { beforeEach, describe, expect, it } from "vitest";
import { Gate } from "../support/gate.ts";
import { historyOf, World } from "../support/world.ts";

let calls: string[] = [];
beforeEach(() => {
  calls = [];
});

const act = activity("act", async (label: string) => {
  calls.push(label);
  return label;
});
const square = workflow("square", async (n: number) => n * n);
const acting = workflow("acting", async (label: string) => act(label));
const note = signal<string>("note");

/** The chunks of a run's history: one for each commit that it had a part in. */
function chunksOf(world: World, id: string): number {
  const run = [...world.database.state.runs.values()].find(({ row }) => row.id === id);
  return run?.chunks.length ?? 0;
}

describe("an early child", () => {
  it("that only computes is born closed, in the commit of its parent, to any depth", async () => {
    const world = new World();
    const nested = workflow("nested", async (n: number): Promise<number> =>
      n === 0 ? 0 : 1 + (await child(nested, n - 1, { id: `nested ${n - 1}` })),
    );
    const gate = new Gate();
    const daruma = await world.open([nested, square], { wrap: gate.before });
    const run = await daruma.start(nested, { id: "nested 3", input: 3 });
    expect(await run.result()).toBe(3);
    expect(chunksOf(world, "nested 0")).toBe(1);
    expect((await historyOf(daruma, "nested 0")).map(({ type }) => type)).toEqual([
      "run_started",
      "run_completed",
    ]);
    // All four are born in the first commit, and one answer goes up with each of the next three.
    expect(gate.arrived).toBe(4);
  });

  it("does nothing outside before its birth is durable", async () => {
    const world = new World();
    const gate = new Gate();
    const flow = workflow("flow", async () => child(acting, "a"));
    const daruma = await world.open([flow, acting], { wrap: gate.before });
    gate.shut();
    const started = daruma.start(flow, { id: "r" });
    await expect.poll(() => gate.arrived).toBe(1);
    expect(calls).toEqual([]);
    gate.open();
    expect(await (await started).result()).toBe("a");
    expect(calls).toEqual(["a"]);
  });

  it("whose id is taken has not happened", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const handle = child.start(acting, "second", { id: "taken" });
      return handle.result().catch((error: { cause: unknown }) => error.cause);
    });
    const daruma = await world.open([flow, acting]);
    await (await daruma.start(acting, { id: "taken", input: "first" })).result();
    const run = await daruma.start(flow);
    expect(await world.until(run.result())).toBeInstanceOf(DuplicateRunError);
    expect(calls).toEqual(["first"]);
  });

  it("and another that wants the same id in the same commit: one of them is born", async () => {
    const world = new World();
    const attempt = async (n: number) => child(square, n, { id: "wanted" }).catch(() => "taken" as const);
    const flow = workflow("flow", async () => Promise.all([attempt(2), attempt(3)]));
    const daruma = await world.open([flow, square]);
    expect(await (await daruma.start(flow)).result()).toEqual([4, "taken"]);
  });

  it("of a parent whose turn is void has not happened; it happens when fitting code is there", async () => {
    const world = new World();
    let mistaken = true;
    const flow = workflow("flow", async () => {
      const result = child(acting, "a");
      if (mistaken) setTimeout(() => {}, 1);
      return result;
    });
    const daruma = await world.open([flow, acting]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    expect((await run.describe()).parked).toBeDefined();
    expect(calls).toEqual([]);
    expect(chunksOf(world, "r.1.1")).toBe(0);
    await daruma.crash();
    mistaken = false;
    const again = await world.open([flow, acting]);
    expect(await world.until(again.get("r").result())).toBe("a");
    expect(calls).toEqual(["a"]);
  });

  it("whose own turn is void is born and parked, and its parent goes on", async () => {
    const world = new World();
    let mistaken = true;
    const careless = workflow("careless", async () => {
      if (mistaken) setTimeout(() => {}, 1);
      return "done";
    });
    const flow = workflow("flow", async () => {
      const handle = child.start(careless, undefined, { id: "careless one" });
      await act("goes on");
      return handle.result();
    });
    const daruma = await world.open([flow, careless]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    expect(calls).toEqual(["goes on"]);
    expect((await daruma.get("careless one").describe()).parked).toBe(true);
    expect((await run.describe()).parked).toBe(false);
    await daruma.crash();
    mistaken = false;
    const again = await world.open([flow, careless]);
    expect(await world.until(again.get("r").result())).toBe("done");
  });

  it("of a parent that closes at once does not begin before it is told", async () => {
    const world = new World();
    const flow = workflow("flow", async () => void child.start(acting, "a", { id: "orphan" }));
    const daruma = await world.open([flow, acting]);
    await (await daruma.start(flow)).result();
    await world.quiet();
    expect((await daruma.get("orphan").describe()).status).toBe("terminated");
    expect(calls).toEqual([]);
  });

  it("continues as new, and its signals find it", async () => {
    const world = new World();
    const counting = workflow("counting", async (n: number): Promise<string> => {
      if (n > 0) return continueAsNew(n - 1);
      return note.receive();
    });
    const flow = workflow("flow", async () => {
      const handle = child.start(counting, 2, { id: "counting" });
      handle.signal(note, "hello");
      return handle.result();
    });
    const daruma = await world.open([flow, counting]);
    expect(await (await daruma.start(flow)).result()).toBe("hello");
  });

  it("is one of thousands: they are all born, as many of them early as go into a group", async () => {
    const world = new World();
    const numbers = Array.from({ length: 3_000 }, (_, n) => n);
    const flow = workflow("flow", async () => {
      const squares = await Promise.all(numbers.map((n) => child(square, n)));
      return squares.reduce((sum, n) => sum + n, 0);
    });
    const daruma = await world.open([flow, square], { checkDeterminism: false });
    const sum = numbers.reduce((total, n) => total + n * n, 0);
    expect(await world.until((await daruma.start(flow, { id: "r" })).result())).toBe(sum);
    expect(world.database.state.runs.size).toBe(3_001);
  });

  it("that waits goes on after a crash", async () => {
    const world = new World();
    const sleeper = workflow("sleeper", async () => sleep("1h").then(() => "awake"));
    const flow = workflow("flow", async () => child(sleeper, undefined));
    const daruma = await world.open([flow, sleeper]);
    await daruma.start(flow, { id: "r" });
    await daruma.crash();
    const again = await world.open([flow, sleeper]);
    expect(await world.until(again.get("r").result())).toBe("awake");
  });

  it("begins later, in a process of its own choice, where several processes have the store", async () => {
    const world = new World();
    const flow = workflow("flow", async () => child(square, 3, { id: "shared" }));
    const daruma = await world.open([flow, square]);
    await world.open([flow, square]);
    expect(await (await daruma.start(flow)).result()).toBe(9);
    expect(chunksOf(world, "shared")).toBe(2);
  });
});
