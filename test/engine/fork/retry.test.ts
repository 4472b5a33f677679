import { activity, runInfo, shielded, signal, sleep, update, withTimeout, workflow } from "daruma";
import { beforeEach, describe, expect, it } from "vitest";
import { historyOf, typesOf, World } from "../../support/world.ts";
import { add, called, calls, fragile, note, reset, state } from "./forkable.ts";

const word = signal<string>("word");

beforeEach(reset);

describe("retry", () => {
  it("calls the failed activity again, with fresh attempts and a new key, and nothing that succeeded", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const sum = await add(1, 2);
      return `${sum} ${await twice("x")}`;
    });
    const twice = activity(
      "twice",
      (what: string) => {
        note(what);
        if (state.broken) throw new RangeError("broken");
        return what;
      },
      { retry: { maximumAttempts: 2, backoff: { type: "fixed", initialInterval: "1h" } } },
    );
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.failure(run.result());
    expect(called()).toEqual(["add", "x", "x"]);
    await world.advance("5d");
    state.broken = false;
    await run.retry();
    expect(await world.until(run.result())).toBe("3 x");
    expect(called()).toEqual(["add", "x", "x", "x"]);
    expect(calls.at(-1)).toMatchObject({ attempt: 1, key: "r/2/2" });
    expect(await run.describe()).toMatchObject({
      generation: 2,
      status: "completed",
      origin: { as: "retry", from: { id: "r", generation: 1 } },
    });
  });

  it("an error that was wrapped, or came with others, leads to what failed", async () => {
    const world = new World();
    const wrapped = workflow("wrapped", async () => {
      try {
        return await fragile("a");
      } catch (cause) {
        await sleep("1m");
        throw new Error("could not do it", { cause });
      }
    });
    const settled = workflow("settled", async () => {
      const all = await Promise.allSettled([fragile("a"), add(1, 1), fragile("b")]);
      const errors = all.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
      if (errors.length > 0) throw new AggregateError(errors, "some failed");
      return "done";
    });
    const daruma = await world.open([wrapped, settled]);
    const runs = [await daruma.start(wrapped, { id: "w" }), await daruma.start(settled, { id: "s" })];
    for (const run of runs) await world.failure(run.result());
    state.broken = false;
    calls.splice(0);
    for (const run of runs) await run.retry();
    expect(await world.until(Promise.all(runs.map((run) => run.result())))).toEqual(["a", "done"]);
    expect(called().toSorted()).toEqual(["a", "a", "b"]);
  });

  it("what ran beside the failed one is called again, what had succeeded is not", async () => {
    const world = new World();
    const slow = activity("slow", async (what: string) => {
      note(what);
      if (state.broken) await new Promise(() => {});
      return what;
    });
    const flow = workflow("flow", async () =>
      Promise.all([add(1, 1), slow("slow"), sleep("1m").then(() => fragile("x"))]),
    );
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.failure(run.result());
    state.broken = false;
    calls.splice(0);
    await run.retry();
    expect(await world.until(run.result())).toEqual([2, "slow", "x"]);
    expect(called()).toEqual(["slow", "x"]);
  });

  it("code that failed by itself decides its last turn anew: the result that it failed on is not asked for again", async () => {
    const world = new World();
    const flow = (bad: boolean) =>
      workflow("flow", async () => {
        const sum = await add(1, 2);
        if (bad) throw new TypeError("a mistake");
        return sum;
      });
    const before = await world.open([flow(true)]);
    await world.failure((await before.start(flow(true), { id: "r" })).result());
    const after = await world.restart([flow(false)]);
    await after.get("r").retry();
    expect(await world.until(after.get("r").result())).toBe(3);
    expect(called()).toEqual(["add"]);
    expect((await typesOf(after, "r")).slice(0, 4)).toEqual([
      "run_started",
      "activity_scheduled",
      "run_forked",
      "activity_completed",
    ]);
  });

  it("goes on where the error says", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      await add(1, 1);
      const retryAt = runInfo().historyLength;
      await add(2, 2);
      await word.receive();
      if (state.broken) throw Object.assign(new Error("not this way"), { retryAt });
      return retryAt;
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await run.signal(word, "x");
    await world.failure(run.result());
    state.broken = false;
    await run.retry();
    // The signal comes again, and what follows the named outcome is done again; that is one event further now.
    expect(await world.until(run.result())).toBe(5);
    expect(called()).toEqual(["add", "add", "add"]);
  });

  it("so does code that failed in its first turn, or after a timer, a signal or an update", async () => {
    const world = new World();
    const put = update<string>("put");
    const flow = (bad: boolean, id: string) =>
      workflow(id, async () => {
        let said = "";
        put.handle((text) => void (said = text));
        if (id === "timer") await sleep("1d");
        if (id === "signal") said = await word.receive();
        if (id === "update") await sleep("1d").then(() => word.receive({ timeout: "1s" }).catch(() => {}));
        if (bad) throw new TypeError("a mistake");
        return said;
      });
    const ids = ["first", "timer", "signal", "update"];
    const before = await world.open(ids.map((id) => flow(true, id)));
    for (const id of ids) await before.start(id, { id });
    await world.quiet();
    await before
      .get("signal")
      .signal(word, "hi")
      .catch(() => {});
    await world.until(before.get("update").update(put, "there"));
    for (const id of ids) await world.failure(before.get(id).result());
    const after = await world.restart(ids.map((id) => flow(false, id)));
    const began = world.clock.now();
    for (const id of ids) await after.get(id).retry();
    const results: unknown[] = [];
    for (const id of ids) results.push(await world.until(after.get(id).result()));
    expect(results).toEqual(["", "", "hi", "there"]);
    expect(world.clock.now() - began).toBe(0);
  });

  it("signals that were acknowledged after the point are delivered again, once", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const first = fragile("x");
      const said = [await word.receive(), await word.receive()];
      return [await first, ...said];
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    await run.signal(word, "one", { operation: "one" });
    await run.signal(word, "two");
    await world.failure(run.result());
    state.broken = false;
    await run.retry();
    await run.signal(word, "one", { operation: "one" }).catch(() => {});
    expect(await world.until(run.result())).toEqual(["x", "one", "two"]);
  });

  it("a run that timed out or was terminated goes on where it was, its time limit anew", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      await add(1, 1);
      await sleep("2h");
      return word.receive();
    });
    const daruma = await world.open([flow]);
    const timed = await daruma.start(flow, { id: "timed", timeout: "3h" });
    const ended = await daruma.start(flow, { id: "ended" });
    await world.advance("1h");
    await ended.terminate();
    await world.failure(timed.result());
    await timed.retry();
    await ended.retry();
    await timed.signal(word, "a");
    await ended.signal(word, "b");
    const began = world.clock.now();
    expect(await world.until(timed.result())).toBe("a");
    expect(world.clock.now() - began).toBe(0);
    expect(await world.until(ended.result())).toBe("b");
    expect(world.clock.now() - began).toBe(3600_000);
    expect(called()).toEqual(["add", "add"]);
  });

  it("a block's time limit has as much left as it had", async () => {
    const world = new World();
    const flow = workflow("flow", async () =>
      withTimeout("1h", async () => {
        await sleep("50m");
        await fragile("x");
        await sleep("5m");
        return "in time";
      }),
    );
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.failure(run.result());
    await world.advance("9d");
    state.broken = false;
    await run.retry();
    expect(await world.until(run.result())).toBe("in time");
  });

  it("does not leave out work that was done because of the failure, unless it is told to", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const a = await add(1, 1);
      try {
        return `${a} ${await fragile("x")}`;
      } catch (error) {
        await add(-1, -1);
        throw error;
      }
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.failure(run.result());
    const error = await world.failure(run.retry());
    expect(error).toMatchObject({ code: "DRM-NOT-RETRYABLE" });
    expect(error.message).toContain('failed for event 5, and had "add" done after that (event 6)');
    expect(error.message).toContain("--at 4");
    state.broken = false;
    await run.retry({ at: 4 });
    expect(await world.until(run.result())).toBe("2 x");
  });

  it("a canceled run goes on as if it had not been; one that cleaned up needs to be told where", async () => {
    const world = new World();
    const flow = workflow("flow", async (cleans: boolean = false) => {
      try {
        await sleep("1h");
        return "done";
      } finally {
        if (cleans) await shielded(async () => add(1, 1));
      }
    });
    const daruma = await world.open([flow]);
    const plain = await daruma.start(flow, { id: "plain" });
    const clean = await daruma.start(flow, { id: "clean", input: true });
    await world.quiet();
    for (const run of [plain, clean]) {
      await run.cancel();
      await world.failure(run.result());
    }
    await plain.retry();
    const error = await world.failure(clean.retry());
    expect(error).toMatchObject({ code: "DRM-NOT-RETRYABLE" });
    expect(error.message).toContain('was canceled at event 3, and had "add" done after that (event 5)');
    await clean.retry({ at: 2 });
    for (const run of [plain, clean]) expect(await world.until(run.result())).toBe("done");
  });

  it("is refused for runs that are open or completed, and for points that are none", async () => {
    const world = new World();
    const flow = workflow("flow", async () => word.receive());
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    await expect(run.retry()).rejects.toMatchObject({ code: "DRM-NOT-RETRYABLE", found: "running" });
    await run.signal(word, "x");
    await world.until(run.result());
    await expect(run.retry()).rejects.toMatchObject({ code: "DRM-NOT-RETRYABLE", found: "completed" });
    await expect(daruma.get("nobody").retry()).rejects.toMatchObject({ code: "DRM-RUN-NOT-FOUND" });
    const other = await daruma.start(flow, { id: "other" });
    await other.terminate();
    await world.quiet();
    await expect(other.retry({ at: 9 })).rejects.toMatchObject({
      code: "DRM-FORK-POINT",
      expected: "event 1",
    });
  });

  it("a repeat with the same operation changes nothing, also after the run has failed again", async () => {
    const world = new World();
    const flow = workflow("flow", async () => fragile("x"));
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r", operation: "start" });
    await world.failure(run.result());
    const retried = await Promise.allSettled([
      run.retry({ operation: "o" }),
      run.retry({ operation: "o" }),
      run.retry({ operation: "p" }),
    ]);
    expect(retried.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
    await world.failure(run.result());
    const { generation } = await run.describe();
    expect(generation).toBe(2);
    const won = retried[2]?.status === "fulfilled" ? "p" : "o";
    await run.retry({ operation: won });
    expect((await run.describe()).generation).toBe(2);
    await run.retry({ operation: "q" });
    await world.failure(run.result());
    expect((await run.describe()).generation).toBe(3);
    // A repeated start knows its run through all generations.
    await daruma.start(flow, { id: "r", operation: "start" });
  });

  it("keeps the run's history as long as the source's", async () => {
    const world = new World();
    const flow = workflow("flow", async () => fragile("x"));
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.failure(run.result());
    await run.retry();
    await world.failure(run.result());
    const statuses = (await Array.fromAsync(daruma.list({ idPrefix: "r" }))).map(({ status }) => status);
    expect(statuses).toEqual(["failed", "failed"]);
    expect((await historyOf(daruma, "r")).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
