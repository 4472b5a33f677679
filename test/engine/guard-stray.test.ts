// Code that goes on between turns, because it waited for something that is no durable call: found out at once, not with the next outcome.
import { describe, expect, it } from "vitest";
import { activity, Daruma, sleep, workflow } from "../../src/index.ts";

const act = activity("act", () => 1);

async function parkedWith(block: () => Promise<unknown>): Promise<string | undefined> {
  const { promise: outside, resolve } = Promise.withResolvers<void>();
  const stray = workflow("stray", async () => {
    // Something durable is open, so that the wait itself looks like any other.
    void sleep("30d");
    await outside;
    try {
      await block();
    } catch {
      // Kept to itself.
    }
    await sleep("30d");
  });
  const daruma = await Daruma.open("memory:", { workflows: [stray], telemetry: () => {} });
  const run = await daruma.start(stray);
  const result = run.result().catch((error: unknown) => (error as { code?: string }).code);
  resolve();
  const code = await result;
  expect((await run.describe()).why?.site).toContain(import.meta.filename);
  await daruma.close();
  return code as string | undefined;
}

describe("workflow code that goes on between turns", () => {
  it("and makes a durable call is parked at once", async () => {
    expect(await parkedWith(() => act())).toBe("DRM-STRAY-AWAIT");
  });

  it("and calls what is forbidden is parked at once", async () => {
    expect(await parkedWith(async () => fetch("http://127.0.0.1:9"))).toBe("DRM-FORBIDDEN-CALL");
  });
});
