// Exercise 2 of the book's chapter on Temporal: five searches at once, two minutes for all together, go on with any
// three; what fails or is late does not block, and what is late is canceled.
import { activity, activityContext, DarumaError, some, workflow } from "daruma";
import type { SomeResult } from "daruma";
import { describe, expect, it } from "vitest";
import { typesOf, World } from "../support/world.ts";

interface Plan {
  readonly topic: string;
  readonly seconds: number;
  readonly fails?: boolean;
}

/** Runs the exercise with searches of these lengths. */
async function exercise(
  plan: readonly Plan[],
  minimum = 0,
): Promise<{ found: SomeResult<string>; seconds: number; aborted: string[]; types: string[] }> {
  const world = new World();
  const aborted: string[] = [];
  const search = activity(
    "search",
    async ({ topic, seconds, fails }: Plan) => {
      const context = activityContext();
      context.signal.addEventListener("abort", () => aborted.push(topic));
      await context.sleep(seconds * 1000);
      if (fails === true) throw new Error(`nothing about ${topic}`);
      return `about ${topic}`;
    },
    { retry: { maximumAttempts: 1 } },
  );
  const flow = workflow("flow", async (plans: readonly Plan[]) =>
    some(
      3,
      plans.map((each) => () => search(each)),
      { timeout: "2m", minimum },
    ),
  );
  const daruma = await world.open([flow]);
  const start = world.clock.now();
  const run = await daruma.start(flow, { id: "r", input: plan });
  const found = await world.until(run.result());
  return { found, seconds: (world.clock.now() - start) / 1000, aborted, types: await typesOf(daruma, "r") };
}

const values = (found: SomeResult<string>): string[] => found.results.map(({ value }) => value);

describe("exercise 2: any 3 of 5 within 2 minutes", () => {
  it("goes on with the first three, in the order in which they came; the others are canceled", async () => {
    const plan = [30, 10, 90, 20, 100].map((seconds, index) => ({ topic: `t${index}`, seconds }));
    const { found, seconds, aborted, types } = await exercise(plan);
    expect(found.results).toEqual([
      { index: 1, value: "about t1" },
      { index: 3, value: "about t3" },
      { index: 0, value: "about t0" },
    ]);
    expect([found.timedOut, found.failures, seconds]).toEqual([false, [], 30]);
    expect(aborted).toEqual(["t2", "t4"]);
    expect(types.filter((type) => type === "activity_canceled")).toHaveLength(2);
    expect(types).toContain("timer_canceled");
  });

  it("failures do not block", async () => {
    const plan = [
      { topic: "a", seconds: 1, fails: true },
      { topic: "b", seconds: 2, fails: true },
      { topic: "c", seconds: 3 },
      { topic: "d", seconds: 4 },
      { topic: "e", seconds: 5 },
    ];
    const { found, seconds } = await exercise(plan);
    expect(values(found)).toEqual(["about c", "about d", "about e"]);
    expect(found.failures).toMatchObject([
      { index: 0, error: { message: "nothing about a" } },
      { index: 1, error: { message: "nothing about b" } },
    ]);
    expect(seconds).toBe(5);
  });

  it("goes on at once when three can no longer succeed", async () => {
    const plan = [1, 2, 3, 4, 5].map((seconds) => ({ topic: `t${seconds}`, seconds, fails: seconds < 4 }));
    const { found, seconds } = await exercise(plan);
    expect([values(found), found.timedOut]).toEqual([["about t4", "about t5"], false]);
    expect(seconds).toBe(5);
  });

  it("after two minutes goes on with what there is", async () => {
    const plan = [60, 90, 121, 300, 9000].map((seconds, index) => ({ topic: `t${index}`, seconds }));
    const { found, seconds, aborted } = await exercise(plan);
    expect([values(found), found.timedOut, seconds]).toEqual([["about t0", "about t1"], true, 120]);
    expect(aborted).toEqual(["t2", "t3", "t4"]);
  });

  it("with too few results the call rejects, and says why", async () => {
    const plan = [1, 300, 300].map((seconds, index) => ({ topic: `t${index}`, seconds, fails: index === 0 }));
    const error = await exercise(plan, 1).catch((thrown: unknown) => (thrown as Error).cause);
    expect(error).toBeInstanceOf(DarumaError);
    expect(error).toMatchObject({ code: "DRM-NO-QUORUM", expected: "at least 1" });
    expect((error as Error).cause).toMatchObject({
      errors: [{ message: "nothing about t0" }, { code: "DRM-TIMEOUT", timeout: "block" }],
    });
  });

  it("three that are there at the same instant are three", async () => {
    const plan = [1, 1, 1, 1, 1].map((seconds, index) => ({ topic: `t${index}`, seconds }));
    const { found } = await exercise(plan);
    expect(values(found)).toEqual(["about t0", "about t1", "about t2"]);
  });

  it("goes through a crash in the middle: what was found is not searched for again", async () => {
    const world = new World();
    const searched: string[] = [];
    const search = activity("search", async (topic: string, seconds: number) => {
      searched.push(topic);
      await activityContext().sleep(seconds * 1000);
      return topic;
    });
    const flow = workflow("flow", async () =>
      some(
        3,
        [10, 20, 30, 40, 50].map((seconds) => () => search(`t${seconds}`, seconds)),
        { timeout: "2m" },
      ),
    );
    const before = await world.open([flow]);
    await before.start(flow, { id: "r" });
    await world.advance("25s");
    searched.length = 0;
    const after = await world.restart([flow]);
    const found = (await world.until(after.get("r").result())) as SomeResult<string>;
    expect(values(found)).toEqual(["t10", "t20", "t30"]);
    expect(searched).toEqual(["t30", "t40", "t50"]);
  });

  it("of no calls is nothing", async () => {
    const { found, seconds } = await exercise([]);
    expect([found, seconds]).toEqual([{ results: [], failures: [], timedOut: false }, 0]);
  });
});
