import { activity, ApplicationError, workflow } from "daruma";
import type { RetryPolicy } from "daruma";
import { describe, expect, it } from "vitest";
import { historyOf, World } from "../support/world.ts";

class QuotaError extends Error {
  override readonly name = "QuotaError";
}

/** Milliseconds between the calls of an activity that fails each time with what `fail` gives. */
async function waits(retry: RetryPolicy | undefined, fail: (call: number) => unknown): Promise<number[]> {
  const world = new World();
  const calls: number[] = [];
  const failing = activity(
    "failing",
    async () => {
      calls.push(world.clock.now());
      throw fail(calls.length);
    },
    { retry },
  );
  const flow = workflow("flow", async () => failing());
  const daruma = await world.open([flow]);
  await world.failure((await daruma.start(flow)).result());
  return calls.slice(1).map((time, index) => time - (calls[index] ?? 0));
}

const sickness = (): Error => new QuotaError("no more");

describe("retries of activities", () => {
  const table: readonly [string, RetryPolicy | undefined, readonly number[]][] = [
    ["by default: 5 calls, 2 s doubled", undefined, [2000, 4000, 8000, 16_000]],
    ["fixed", { maximumAttempts: 4, backoff: { type: "fixed", initialInterval: "3s" } }, [3000, 3000, 3000]],
    [
      "linear",
      { maximumAttempts: 4, backoff: { type: "linear", initialInterval: "1s", increment: "5s" } },
      [1000, 6000, 11_000],
    ],
    [
      "exponential with a maximum",
      {
        maximumAttempts: 5,
        backoff: { type: "exponential", initialInterval: "1s", coefficient: 10, maximumInterval: "30s" },
      },
      [1000, 10_000, 30_000, 30_000],
    ],
    // The world's chance is always 0.5.
    [
      "jitter shortens",
      { maximumAttempts: 3, backoff: { type: "fixed", initialInterval: "10s", jitter: 0.4 } },
      [8000, 8000],
    ],
    ["one call only", { maximumAttempts: 1 }, []],
    ["an error on the list of those not worth it", { nonRetryableErrors: ["QuotaError"] }, []],
    ["an error not on the list of those worth it", { retryableErrors: ["OtherError"] }, []],
    [
      "an error on the list of those worth it",
      { maximumAttempts: 2, retryableErrors: ["QuotaError"] },
      [2000],
    ],
    [
      "on both lists: not repeated",
      { retryableErrors: ["QuotaError"], nonRetryableErrors: ["QuotaError"] },
      [],
    ],
  ];

  it.each(table)("%s", async (_name, retry, expected) => {
    expect(await waits(retry, sickness)).toEqual(expected);
  });

  it("waits as long as the error asks for", async () => {
    const asking = (): Error => new ApplicationError("later", { retryAfter: "1h" });
    expect(await waits({ maximumAttempts: 3 }, asking)).toEqual([3_600_000, 3_600_000]);
  });

  it("does not repeat what calls itself not worth it, whatever its name", async () => {
    expect(await waits(undefined, () => new ApplicationError("no", { nonRetryable: true }))).toEqual([]);
    expect(await waits(undefined, () => Object.assign(new Error("no"), { nonRetryable: true }))).toEqual([]);
  });

  it("gives the result of the first call that succeeds, and the history says what failed before", async () => {
    const world = new World();
    let calls = 0;
    const flaky = activity("flaky", async (topic: string) => {
      if (++calls < 3) throw new QuotaError(`call ${calls}`);
      return `${topic}: ${calls}`;
    });
    const flow = workflow("flow", async () => flaky("eggs"));
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    expect(await world.until(run.result())).toBe("eggs: 3");
    const events = await historyOf(daruma, "r");
    const retries = events.filter((event) => event.type === "activity_retrying");
    expect(retries.map(({ attempt, failure }) => [attempt, failure.message])).toEqual([
      [1, "call 1"],
      [2, "call 2"],
    ]);
  });

  it("goes on counting, and waits what is left, after a crash between two calls", async () => {
    const world = new World();
    const calls: number[] = [];
    const failing = activity(
      "failing",
      async () => {
        calls.push(world.clock.now());
        throw sickness();
      },
      { retry: { maximumAttempts: 3, backoff: { type: "fixed", initialInterval: "1h" } } },
    );
    const flow = workflow("flow", async () => failing());
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    await world.advance("20m");
    const after = await world.restart([flow]);
    const error = await world.failure(after.get("r").result());
    expect(calls.map((time) => time - (calls[0] ?? 0))).toEqual([0, 3_600_000, 7_200_000]);
    expect(error["cause"]).toMatchObject({ name: "QuotaError", attempts: { length: 3 } });
  });
});
