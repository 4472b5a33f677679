import { activity, ApplicationError, workflow } from "daruma";
import type { RetryPolicy } from "daruma";
import { describe, expect, it } from "vitest";
import { World } from "../support/world.ts";

describe("retries of activities", () => {
  it("hello", async () => {
    const world = new World();
    const a = activity("a", async (x: number) => x + 1);
    const flow = workflow("flow", async (x: number) => a(x));
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r", input: 1 });
    expect(await world.until(run.result())).toBe(2);
  });
});
