import { activity, activityContext, inCompletionOrder, mapConcurrent, sleep, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { World } from "../support/world.ts";

/** An activity that takes `seconds`, then gives its name or fails with it. */
const work = activity(
  "work",
  async (name: string, seconds: number, fails = false) => {
    await activityContext().sleep(seconds * 1000);
    if (fails) throw new Error(name);
    return name;
  },
  { retry: { maximumAttempts: 1 } },
);

/** Result of a workflow made of `code`, and how many seconds it took. */
async function outcome(code: () => Promise<unknown>): Promise<{ result: unknown; seconds: number }> {
  const world = new World();
  const flow = workflow("flow", code);
  const daruma = await world.open([flow]);
  const start = world.clock.now();
  const result = await world.until((await daruma.start(flow)).result());
  return { result, seconds: (world.clock.now() - start) / 1000 };
}

describe("parallel work", () => {
  it("Promise.all takes as long as the longest, results in the order of the calls", async () => {
    const { result, seconds } = await outcome(() => Promise.all([work("a", 3), work("b", 1), work("c", 2)]));
    expect([result, seconds]).toEqual([["a", "b", "c"], 3]);
  });

  it("Promise.race takes the first that settles, a failure too", async () => {
    expect(await outcome(() => Promise.race([work("a", 3), work("b", 1)]))).toMatchObject({
      result: "b",
      seconds: 1,
    });
    const failing = (): Promise<string> =>
      Promise.race([work("a", 3), work("b", 1, true)]).catch((error: Error) => `failed: ${error.message}`);
    expect(await outcome(failing)).toMatchObject({ result: "failed: b", seconds: 1 });
  });

  it("Promise.any takes the first that succeeds; if all fail it has all errors", async () => {
    expect(await outcome(() => Promise.any([work("a", 1, true), work("b", 2)]))).toMatchObject({
      result: "b",
    });
    const all = (): Promise<unknown> =>
      Promise.any([work("a", 2, true), work("b", 1, true)]).catch((error: AggregateError) =>
        error.errors.map(({ message }: Error) => message),
      );
    expect(await outcome(all)).toMatchObject({ result: ["a", "b"], seconds: 2 });
  });

  it("Promise.allSettled gives everything", async () => {
    const { result } = await outcome(async () => {
      const settled = await Promise.allSettled([work("a", 1), work("b", 2, true)]);
      return settled.map((each) => (each.status === "fulfilled" ? each.value : String(each.reason)));
    });
    expect(result).toEqual(["a", "Error: b"]);
  });

  it("inCompletionOrder gives each when it comes", async () => {
    const { result } = await outcome(async () => {
      const seen: unknown[] = [];
      for await (const each of inCompletionOrder([work("a", 3), work("b", 1), work("c", 2)])) seen.push(each);
      return seen;
    });
    expect(result).toEqual([
      { index: 1, value: "b" },
      { index: 2, value: "c" },
      { index: 0, value: "a" },
    ]);
  });

  it("inCompletionOrder rejects at the first error; later ones harm nobody", async () => {
    const { result, seconds } = await outcome(async () => {
      const seen: string[] = [];
      try {
        const calls = [work("a", 1), work("b", 2, true), work("c", 3, true), work("d", 4)];
        for await (const { value } of inCompletionOrder(calls)) seen.push(value);
      } catch (error) {
        seen.push(String(error));
      }
      await sleep("5s");
      return seen;
    });
    expect([result, seconds]).toEqual([["a", "Error: b"], 7]);
  });

  it("inCompletionOrder takes values that are there already, and nothing at all", async () => {
    const { result } = await outcome(async () => {
      const seen: unknown[] = [];
      for await (const { value } of inCompletionOrder([Promise.resolve(1), work("b", 1), Promise.resolve(3)]))
        seen.push(value);
      for await (const { value } of inCompletionOrder<string>([])) seen.push(value);
      return seen;
    });
    expect(result).toEqual([1, 3, "b"]);
  });
});

describe("mapConcurrent", () => {
  it("keeps at most so many at work, starts the next when one ends, and gives results in order", async () => {
    const world = new World();
    let running = 0;
    let most = 0;
    const act = activity("act", async (n: number) => {
      most = Math.max(most, ++running);
      await activityContext().sleep(n % 2 === 0 ? "2s" : "1s");
      running -= 1;
      return n * n;
    });
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const flow = workflow("flow", async () => mapConcurrent(numbers, (n) => act(n), { concurrency: 4 }));
    const daruma = await world.open([flow]);
    expect(await world.until((await daruma.start(flow)).result())).toEqual(numbers.map((n) => n * n));
    expect(most).toBe(4);
  });

  it("starts no more after the first error", async () => {
    const started: string[] = [];
    const { result } = await outcome(async () => {
      const one = async (name: string): Promise<string> => {
        started.push(name);
        return work(name, 1, name === "b");
      };
      const failed = await mapConcurrent(["a", "b", "c", "d", "e"], one, { concurrency: 2 }).catch(String);
      await sleep("9s");
      return failed;
    });
    expect(result).toBe("Error: b");
    // The determinism check replays the code, so that each is seen twice.
    expect(new Set(started)).toEqual(new Set(["a", "b", "c"]));
  });

  it("of nothing is nothing; a concurrency that cannot be is an error", async () => {
    expect(await outcome(() => mapConcurrent([], () => work("x", 1), { concurrency: 3 }))).toMatchObject({
      result: [],
    });
    for (const concurrency of [0, -1, 1.5, Number.NaN]) {
      const { result } = await outcome(() =>
        mapConcurrent(["a"], (name) => work(name, 1), { concurrency }).catch(
          ({ code }: { code: string }) => code,
        ),
      );
      expect(result).toBe("DRM-INVALID-OPTION");
    }
  });
});

describe("an activity that nobody awaits", () => {
  it("is done while the run goes on, and its failure fails nobody", async () => {
    const world = new World();
    const done: string[] = [];
    const audit = activity(
      "audit",
      async (text: string) => {
        done.push(text);
        throw new Error("the audit log is full");
      },
      { startToCloseTimeout: "5s", retry: { maximumAttempts: 1 } },
    );
    const flow = workflow("flow", async () => {
      void audit("begun");
      await sleep("1s");
      void audit("over");
      await sleep("1s");
      return "fine";
    });
    const daruma = await world.open([flow]);
    expect(await world.until((await daruma.start(flow)).result())).toBe("fine");
    expect(done).toEqual(["begun", "over"]);
  });

  it("holds nothing once its run has closed", async () => {
    const world = new World();
    const act = activity("act", async () => activityContext().sleep("1h"));
    const flow = workflow("flow", async () => {
      void act();
      await sleep("1s");
      void act();
      return "closed";
    });
    const daruma = await world.open([flow]);
    expect(await world.until((await daruma.start(flow)).result())).toBe("closed");
    await world.quiet();
    expect(daruma.engine.state.activities.running).toBe(0);
    expect(world.clock.next()).toBeGreaterThan(world.clock.now() + 1e12);
  });
});
