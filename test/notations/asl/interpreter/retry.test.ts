// Retry and Catch: when, how often, what of.
import { describe, expect, it } from "vitest";
import { delayOf } from "../../../../src/notations/asl/interpreter/retry.ts";
import { begin, eventsOf, failure, machine, named, only, output, task, typesOf } from "./machines.ts";

/** Fails `times` times, and notes when it was called. */
function failing(
  times: number,
  error = "Boom",
): { readonly calls: string[]; readonly handler: () => string } {
  const calls: string[] = [];
  return {
    calls,
    handler: () => {
      calls.push("call");
      if (calls.length <= times) throw named(error, `call ${calls.length}`);
      return "fine";
    },
  };
}

const retry = (more: object = {}): object => ({
  Retry: [{ ErrorEquals: ["Boom"], IntervalSeconds: 2, MaxAttempts: 3, ...more }],
});

describe("Retry", () => {
  it("waits 2, 4 and 8 seconds, and then gives up with the last error", async () => {
    const { calls, handler } = failing(9);
    const { world, run } = await begin(only(task("F", retry()), { F: handler }), {});
    const from = world.clock.now();
    await world.failure(run.result());
    expect(world.clock.now() - from).toBe(14_000);
    expect(calls).toHaveLength(4);
    const times = (await eventsOf(run))
      .filter(({ type }) => type === "LambdaFunctionScheduled")
      .map((event) => event.timestamp - from);
    expect(times).toEqual([0, 2000, 6000, 14_000]);
    expect((await eventsOf(run)).at(-1)).toMatchObject({
      type: "ExecutionFailed",
      executionFailedEventDetails: { error: "Boom" },
    });
  });

  it("goes on when a retry succeeds", async () => {
    const { calls, handler } = failing(2);
    expect(await output(only(task("F", retry()), { F: handler }), {})).toBe("fine");
    expect(calls).toHaveLength(3);
  });

  it("does not retry at all with MaxAttempts 0, which hides the error from the retriers after it", async () => {
    const { calls, handler } = failing(1);
    const more = {
      Retry: [
        { ErrorEquals: ["Boom"], MaxAttempts: 0 },
        { ErrorEquals: ["States.ALL"], IntervalSeconds: 1 },
      ],
    };
    expect(await failure(only(task("F", more), { F: handler }), {})).toMatchObject({ error: "Boom" });
    expect(calls).toHaveLength(1);
  });

  it("counts each retrier by itself", async () => {
    const seen = ["A", "B", "A", "B"];
    const handler = (): string => {
      const next = seen.shift();
      if (next !== undefined) throw named(next);
      return "fine";
    };
    const one = (name: string): object => ({
      ErrorEquals: [name],
      IntervalSeconds: 1,
      MaxAttempts: 2,
      BackoffRate: 1,
    });
    expect(await output(only(task("F", { Retry: [one("A"), one("B")] }), { F: handler }), {})).toBe("fine");
  });

  it("starts again with a call of its own, whose idempotency key is another", async () => {
    const keys: string[] = [];
    const handler = (_input: unknown, { idempotencyKey }: { idempotencyKey: string }): string => {
      keys.push(idempotencyKey);
      if (keys.length === 1) throw named("Boom");
      return "fine";
    };
    await output(only(task("F", retry()), { F: handler }), {});
    expect(new Set(keys).size).toBe(2);
  });

  it("holds delays to MaxDelaySeconds, and spreads them with full jitter", () => {
    const retrier = { ErrorEquals: ["x"], IntervalSeconds: 3, BackoffRate: 2, MaxDelaySeconds: 5 };
    expect([0, 1, 2].map((done) => delayOf(retrier, done, 0.5))).toEqual([3000, 5000, 5000]);
    const jitter = { ...retrier, JitterStrategy: "FULL" as const };
    expect([0, 0.5, 0.999].map((random) => delayOf(jitter, 0, random))).toEqual([0, 1500, 2997]);
  });

  it("never waits longer than a year, however the back-off grows", () => {
    expect(delayOf({ ErrorEquals: ["x"], BackoffRate: 10 }, 500, 0)).toBe(31_536_000_000);
  });
});

describe("Catch", () => {
  const caught = (names: string[], more: object = {}): object => ({
    StartAt: "F",
    States: {
      F: task("F", { Catch: [{ ErrorEquals: names, Next: "Caught", ...more }] }),
      Caught: { Type: "Pass", End: true },
    },
  });

  it("puts the error where ResultPath says", async () => {
    const definition = caught(["States.TaskFailed"], { ResultPath: "$.failure" });
    const handler = (): never => {
      throw named("Boom", "no luck");
    };
    const result = await output(machine(definition, { F: handler }), { id: 1 });
    expect(result).toMatchObject({ id: 1, failure: { Error: "Boom" } });
  });

  it("does not take a time-out for States.TaskFailed, and takes it for States.Timeout", async () => {
    const handler = (): Promise<never> => new Promise(() => {});
    const definition = (names: string[]): object => {
      const states = caught(names) as { States: { F: object } };
      return { ...states, States: { ...states.States, F: { ...states.States.F, TimeoutSeconds: 5 } } };
    };
    expect(await failure(machine(definition(["States.TaskFailed"]), { F: handler }), {})).toMatchObject({
      error: "States.Timeout",
    });
    expect(await output(machine(definition(["States.Timeout"]), { F: handler }), {})).toEqual({
      Error: "States.Timeout",
    });
  });

  it("does not catch States.Runtime, not even with States.ALL", async () => {
    const state = { Type: "Pass", Parameters: { "x.$": "$.missing" }, End: true };
    const { error } = await failure(only(state), {});
    expect(error).toBe("States.Runtime");
    const parallel = {
      Type: "Parallel",
      Branches: [{ StartAt: "P", States: { P: state } }],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "State" }],
      End: true,
    };
    expect((await failure(only(parallel), {})).error).toBe("States.Runtime");
  });

  it("shows the whole story in the events", async () => {
    const handler = (): never => {
      throw named("Boom");
    };
    const { world, run } = await begin(machine(caught(["States.ALL"]), { F: handler }), {});
    await world.until(run.result());
    expect(await typesOf(run)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "LambdaFunctionScheduled",
      "LambdaFunctionStarted",
      "LambdaFunctionFailed",
      "TaskStateExited",
      "PassStateEntered",
      "PassStateExited",
      "ExecutionSucceeded",
    ]);
  });
});
