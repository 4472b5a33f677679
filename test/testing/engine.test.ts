// What the kit has found in the engine: repeats of operations, and mistakes in options.
import { describe, expect, it } from "vitest";
import { activity, sleep, update, workflow } from "daruma";
import { TestDaruma } from "daruma/testing";
import { month } from "./samples.ts";

const ask = update<string, string>("ask");
const asked = workflow("asked", async () => {
  ask.handle(async (text) => {
    if (text === "bad") throw new RangeError("bad question");
    await sleep("1h");
    return text.toUpperCase();
  });
  await sleep("1d");
});

describe("an update that is sent again", () => {
  it("gets the recorded answer, whether that is a result or an error", async () => {
    await using test = await TestDaruma.open({ workflows: [asked] });
    const run = await test.start(asked);
    const send = (text: string): Promise<string> => run.update(ask, text, { operation: `ask ${text}` });
    expect(await send("good")).toBe("GOOD");
    await expect(send("bad")).rejects.toThrow("bad question");
    expect(await send("good")).toBe("GOOD");
    await expect(send("bad")).rejects.toThrow("bad question");
    await run.result();
    expect(await send("good")).toBe("GOOD");
    await expect(send("bad")).rejects.toThrow("bad question");
  });

  it("to a run that has closed says so", async () => {
    await using test = await TestDaruma.open({ workflows: [asked] });
    const run = await test.start(asked);
    await run.result();
    await expect(run.update(ask, "late")).rejects.toMatchObject({
      code: "DRM-RUN-CLOSED",
      status: "completed",
    });
  });
});

describe("a start that is sent again", () => {
  it("finds the run, also while the first one is under way", async () => {
    await using test = await TestDaruma.open({ workflows: [month] });
    const options = { id: "m", input: "Ada", operation: "start-1" };
    const [first, second] = await Promise.all([test.start(month, options), test.start(month, options)]);
    expect(second.id).toBe(first.id);
    await expect(test.start(month, { ...options, operation: "start-2" })).rejects.toMatchObject({
      code: "DRM-DUPLICATE-RUN",
    });
    const other = [
      test.start(month, { ...options, id: "n" }),
      test.start(month, { ...options, id: "n", operation: "other" }),
    ];
    expect((await Promise.allSettled(other)).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  });
});

describe("options of an activity that cannot be", () => {
  const run = async (): Promise<void> => {};

  it("are refused where they are written", () => {
    const wrong = { startToCloseTimeout: "5 minuts" };
    expect(() => activity("bad", run, wrong)).toThrow(/startToCloseTimeout/);
    expect(() => activity("bad", run, { retry: { maximumAttempts: 0 } })).toThrow(/maximumAttempts/);
    expect(() => activity("good", run).with({ heartbeatTimeout: -1 })).toThrow(/heartbeatTimeout/);
  });
});
