// The guard is put in place once per process: several engines, and several copies of Daruma, share it.
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as daruma from "../../src/index.ts";

const { Daruma, sleep, workflow } = daruma;
const folder = mkdtempSync(join(tmpdir(), "daruma-copy-"));
let copy: typeof daruma;

beforeAll(async () => {
  cpSync(join(import.meta.dirname, "../../src"), join(folder, "src"), { recursive: true });
  cpSync(join(import.meta.dirname, "../../package.json"), join(folder, "package.json"));
  symlinkSync(join(import.meta.dirname, "../../node_modules"), join(folder, "node_modules"));
  copy = (await import(pathToFileURL(join(folder, "src/index.ts")).href)) as typeof daruma;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A workflow that reads, and then does what is forbidden. */
function reader({ workflow: define, sleep: wait }: typeof daruma) {
  return define("reader", async () => {
    const values = [Date.now(), Math.random(), randomUUID()];
    await wait(1);
    try {
      setTimeout(() => {}, 1);
    } catch (error) {
      return [values, (error as Error).name];
    }
    return [];
  });
}

/** Some of what is guarded, as it is now. */
function globals(): unknown[] {
  return [Date, Date.now, Math.random, setTimeout, fetch, Reflect.get(process, "emit"), randomUUID];
}

describe("the guard", () => {
  it("is installed once, for all engines and all copies", async () => {
    const first = await Daruma.open("memory:");
    const installed = globals();
    const second = await Daruma.open("memory:");
    const third = await copy.Daruma.open("memory:");
    expect(globals()).toEqual(installed);
    expect(copy.Daruma).not.toBe(Daruma);
    await Promise.all([first.close(), second.close(), third.close()]);
  });

  it.each([["this copy"], ["the other copy"]])("serves workflow code of %s", async (which) => {
    const used = which === "this copy" ? daruma : copy;
    const work = reader(used);
    const engine = await used.Daruma.open("memory:", { workflows: [work], telemetry: () => {} });
    const run = await engine.start(work);
    const error = await run.result().catch((thrown: unknown) => thrown as Error);
    expect((error as { code?: string }).code).toBe("DRM-FORBIDDEN-CALL");
    expect((error as Error).message).toContain(`setTimeout at ${import.meta.filename}:`);
    await engine.close();
  });

  it("guards what a test has put over it, and lets the test take it away again", async () => {
    const under = Date;
    vi.useFakeTimers({ now: 1_000, toFake: ["Date"] });
    try {
      expect(Date.now()).toBe(1_000);
      const dated = workflow("dated", async () => {
        const before = Date.now();
        await sleep(3);
        return [before, Date.now()];
      });
      const engine = await Daruma.open("memory:", { workflows: [dated], checkDeterminism: true });
      const [before, after] = (await (await engine.start(dated)).result()) as [number, number];
      // The engine has the real time, and so has the workflow; the test has the one that it asked for.
      expect(before).toBeGreaterThan(1_600_000_000_000);
      expect(after).toBeGreaterThanOrEqual(before + 3);
      expect(Date.now()).toBe(1_000);
      await engine.close();
    } finally {
      vi.useRealTimers();
    }
    expect(Date).toBe(under);
  });

  it("costs little where no workflow code runs", async () => {
    const engine = await Daruma.open("memory:");
    const { real } = await import("../../src/engine/guard/real.ts");
    const cost = (read: () => number): number => {
      const times = Array.from({ length: 9 }, () => {
        const from = real.now();
        for (let count = 0; count < 200_000; count++) read();
        return ((real.now() - from) * 1e6) / 200_000;
      });
      return Math.min(...times);
    };
    // Nanoseconds a call, far above what was measured (12): this is to catch a mistake of another order.
    expect(cost(() => Date.now()) - cost(real.now)).toBeLessThan(500);
    await engine.close();
  });
});

describe("console", () => {
  it("says what a run says once, not again on each replay", async () => {
    const told: unknown[] = [];
    const spy = vi.spyOn(console, "info").mockImplementation((text) => void told.push(text));
    const talking = workflow("talking", async () => {
      console.info("first");
      await sleep(1);
      console.info("second");
      await sleep(1);
      return "end";
    });
    try {
      // Without a cache each outcome reaches its run by replay.
      const engine = await Daruma.open("memory:", {
        workflows: [talking],
        cacheSize: 0,
        checkDeterminism: true,
      });
      await (await engine.start(talking)).result();
      await engine.close();
    } finally {
      spy.mockRestore();
    }
    expect(told).toEqual(["first", "second"]);
  });
});
