import { continueAsNew, signal, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { Retention, retentionBatch } from "../../src/engine/retention.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { World } from "../support/world.ts";
import type { Worker } from "../support/world.ts";

const go = signal("go");
const wait = workflow("wait", async () => go.receive());
const quick = workflow("quick", async () => "done");
const day = 86_400_000;

async function ids(daruma: Worker): Promise<string[]> {
  const all: string[] = [];
  for await (const { id } of daruma.list()) all.push(id);
  return all.toSorted();
}

describe("retention", () => {
  it("keeps closed runs for ever by default", async () => {
    const world = new World();
    const daruma = await world.open([quick], { leaseMs: 3_600_000 });
    await world.until((await daruma.start(quick, { id: "r" })).result());
    await world.advance("30d");
    expect(await ids(daruma)).toEqual(["r"]);
  });

  it("counts from when a run closed, not from when it was created; open runs stay (lesson 13)", async () => {
    const world = new World();
    const daruma = await world.open([quick, wait], { leaseMs: 3_600_000, retentionMs: 10 * day });
    const old = await daruma.start(wait, { id: "old but closed late" });
    await daruma.start(wait, { id: "old and open" });
    await world.until((await daruma.start(quick, { id: "closed early" })).result());
    await world.advance("9d");
    await old.signal(go);
    await world.until(old.result());
    expect(await ids(daruma)).toEqual(["closed early", "old and open", "old but closed late"]);
    await world.advance("2d");
    expect(await ids(daruma)).toEqual(["old and open", "old but closed late"]);
    await world.advance("9d");
    expect(await ids(daruma)).toEqual(["old and open"]);
    await expect(daruma.get("closed early").describe()).rejects.toMatchObject({ code: "DRM-RUN-NOT-FOUND" });
    const again = await daruma.start(quick, { id: "closed early" });
    expect(await world.until(again.result())).toBe("done");
  });

  it("deletes the generations of a run that goes on, one after the other", async () => {
    const world = new World();
    const chain = workflow("chain", async () => {
      await go.receive();
      return continueAsNew();
    });
    const daruma = await world.open([chain], { leaseMs: 3_600_000, retentionMs: day });
    const run = await daruma.start(chain, { id: "r" });
    for (let generation = 0; generation < 5; generation++) {
      await run.signal(go);
      await world.advance("12h");
    }
    expect(await ids(daruma)).toEqual(["r", "r", "r"]);
    expect(await run.describe()).toMatchObject({ generation: 6, status: "running" });
  });

  it("goes in batches, and a sweep is bounded (lesson 13)", async () => {
    const clock = new VirtualClock(100 * day);
    let left = 11_700;
    const calls: [number, number][] = [];
    const removeClosed = async (before: number, limit: number): Promise<number> => {
      calls.push([before, limit]);
      const removed = Math.min(limit, left);
      left -= removed;
      return removed;
    };
    const retention = new Retention({ removeClosed }, clock, 30 * day);
    const [first, meanwhile] = await Promise.all([retention.sweep(), retention.sweep()]);
    expect([first, meanwhile]).toEqual([10_000, 0]);
    expect(new Set(calls.map(([before, limit]) => `${before} ${limit}`))).toEqual(
      new Set([`${70 * day} ${retentionBatch}`]),
    );
    expect(retentionBatch).toBeLessThanOrEqual(500);
    expect(await retention.sweep()).toBe(1700);
    expect(calls).toHaveLength(20 + 4);
  });

  it("a store that does not answer is asked again at the next sweep", async () => {
    const clock = new VirtualClock();
    let fails = true;
    const removeClosed = async (): Promise<number> => {
      if (fails) throw new Error("away");
      return 1;
    };
    const retention = new Retention({ removeClosed }, clock, 0);
    await expect(retention.sweep()).rejects.toThrow("away");
    fails = false;
    expect(await retention.sweep()).toBe(1);
  });
});
