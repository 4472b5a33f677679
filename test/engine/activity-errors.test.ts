import { activity, ActivityError, ApplicationError, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { World } from "../support/world.ts";

/** What workflow code catches when the activity throws `thrown`. */
async function caught(thrown: unknown, calls = 1): Promise<unknown> {
  const world = new World();
  const errors: unknown[] = [];
  const act = activity(
    "act",
    async () => {
      throw thrown;
    },
    { retry: { maximumAttempts: calls } },
  );
  const flow = workflow("flow", async () => {
    await act().catch((error: unknown) => errors.push(error));
  });
  const daruma = await world.open([flow]);
  await world.until((await daruma.start(flow)).result());
  return errors[0];
}

describe("errors of activities", () => {
  const odd: readonly [string, unknown, string][] = [
    ["undefined", undefined, "Thrown instead of an Error: undefined"],
    ["null", null, "Thrown instead of an Error: null"],
    ["a string", "plain words", "plain words"],
    ["a number", Number.NaN, "Thrown instead of an Error: NaN"],
    ["a symbol", Symbol("s"), "Thrown instead of an Error: Symbol(s)"],
    ["an object", { code: 7 }, 'Thrown instead of an Error: {"code":7}'],
    ["a function", () => {}, "Thrown instead of an Error: a value of type function"],
  ];

  it.each(odd)(
    "%s thrown is an error with attempts, and nothing more happens",
    async (_name, thrown, message) => {
      const error = await caught(thrown, 2);
      expect(error).toBeInstanceOf(ActivityError);
      expect(error).toMatchObject({
        name: "ThrownValue",
        message,
        attempts: [{ attempt: 1 }, { attempt: 2 }],
      });
    },
  );

  it("a frozen object and a frozen error can be thrown", async () => {
    expect(await caught(Object.freeze({ a: 1 }))).toMatchObject({
      details: { a: 1 },
      attempts: { length: 1 },
    });
    expect(await caught(Object.freeze(new TypeError("cold")))).toMatchObject({
      name: "TypeError",
      message: "cold",
    });
  });

  it("an error whose getters throw, or that is a circle of causes, is contained", async () => {
    const bomb = Object.defineProperty(new Error("boom"), "cause", {
      get: () => {
        throw new Error("inner");
      },
    });
    expect(await caught(bomb)).toMatchObject({ message: "boom" });
    const snake = new Error("snake");
    snake.cause = new Error("tail", { cause: snake });
    expect(await caught(snake)).toMatchObject({ message: "snake", cause: { message: "tail" } });
  });

  it("keeps name, message, stack, cause, details and code", async () => {
    class PaymentError extends Error {
      override readonly name = "PaymentError";
      readonly code = "EPAY";
      readonly details = { amount: 12n, at: new Date(5) };
    }
    const thrown = new PaymentError("declined", { cause: new RangeError("limit") });
    const error = await caught(thrown);
    expect(error).toBeInstanceOf(ActivityError);
    expect(error).toMatchObject({
      name: "PaymentError",
      message: "declined",
      stack: thrown.stack,
      code: "DRM-ACTIVITY-FAILED",
      details: { amount: 12n, at: new Date(5) },
      activity: "act",
      lastError: { name: "PaymentError", code: "EPAY" },
    });
    expect((error as Error).cause).toBeInstanceOf(RangeError);
  });

  it("has the errors of all calls attached, each with its own data", async () => {
    const world = new World();
    let calls = 0;
    const act = activity(
      "act",
      async () => {
        calls += 1;
        throw new ApplicationError(`call ${calls}`, { type: `Type${calls}`, details: calls });
      },
      { retry: { maximumAttempts: 3, backoff: { type: "fixed", initialInterval: "1s" } } },
    );
    const flow = workflow("flow", async () => act());
    const daruma = await world.open([flow]);
    const start = world.clock.now();
    const error = await world.failure((await daruma.start(flow)).result());
    expect(error).toMatchObject({ code: "DRM-RUN-FAILED", cause: { name: "Type3" } });
    expect(error["cause"]).toMatchObject({
      attempts: [1, 2, 3].map((attempt) => ({
        attempt,
        time: start + (attempt - 1) * 1000,
        error: { name: `Type${attempt}`, message: `call ${attempt}`, details: attempt },
      })),
    });
  });

  it("that throw before their first await, and that are not asynchronous, fail like any other", async () => {
    const world = new World();
    const sync = activity(
      "sync",
      (): string => {
        throw new Error("at once");
      },
      { retry: { maximumAttempts: 1 } },
    );
    const value = activity("value", () => 5);
    const flow = workflow("flow", async () => [
      await value(),
      await sync().catch((error: Error) => error.message),
    ]);
    const daruma = await world.open([flow]);
    expect(await world.until((await daruma.start(flow)).result())).toEqual([5, "at once"]);
  });
});
