import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { diskLimit } from "./disk.ts";
import { quickEffort, type Effort } from "./effort.ts";
import { median, summarize } from "./figures.ts";
import { benchFolder } from "./folder.ts";
import { measure } from "./measure.ts";
import { BenchError, expectResult, type Subject, type Workload } from "./subject.ts";
import { within } from "./timing.ts";

/** A subject on a clock of its own: an activity takes `activityMs`, and nothing passes in between. */
function simulated(
  activityMs: number,
  more: Partial<Subject> = {},
): { subject: Subject; now: () => number; calls: string[] } {
  let clock = 0;
  const calls: string[] = [];
  const spend = async (call: string, activities: number): Promise<void> => {
    calls.push(`${call} ${activities}`);
    await Promise.resolve();
    clock += activityMs * activities;
  };
  const subject: Subject = {
    name: "simulated",
    note: "",
    transport: "in-process",
    durability: "none",
    sequential: (activities) => spend("sequential", activities),
    fanOut: (activities) => spend("fanOut", activities),
    close: async () => undefined,
    ...more,
  };
  return { subject, now: () => clock, calls };
}

const effort: Effort = { ...quickEffort, inFlight: 1, sequenceMs: 3_000 };

async function value(activityMs: number, workload: Workload): Promise<number | null | undefined> {
  const { subject, now } = simulated(activityMs);
  return (await measure(subject, { effort, now, only: [workload] }))[0]?.value;
}

describe("figures", () => {
  test("the median is the middle one, or the mean of the two in the middle", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 6])).toBe(5.5);
    expect(() => median([])).toThrow(BenchError);
  });

  test("a summary keeps four significant digits", () => {
    expect(summarize([1.23456, 98_765.4, 2])).toEqual({ value: 2, runs: 3, min: 1.235, max: 98_770 });
  });
});

describe("workloads", () => {
  test.each([
    ["oneActivity", 500],
    ["tenActivities", 500],
    ["sequence", 2],
    ["latency4", 8],
    ["fanOut", 500],
  ] as const)("%s of an engine that takes 2 ms for an activity", async (workload, expected) => {
    expect(await value(2, workload)).toBeCloseTo(expected, 6);
  });

  test("throughput counts every run of a window and divides by all of its time", async () => {
    const { subject, now } = simulated(300);
    const [only] = await measure(subject, { effort: { ...effort, inFlight: 3 }, now, only: ["oneActivity"] });
    expect(only).toMatchObject({ runs: effort.windows, unit: "runs/s", better: "higher" });
    expect(only?.value).toBeCloseTo(1_000 / 300, 2);
  });

  test("a slow engine gets the short sequence, and fewer repetitions", async () => {
    const { subject, now, calls } = simulated(25);
    const [only] = await measure(subject, { effort, now, only: ["sequence"] });
    expect(only).toMatchObject({ value: 25, note: "100 activities instead of 1000" });
    expect(calls).toEqual(["sequential 100", "sequential 100", "sequential 100"]);
  });

  test("an engine that refuses the wide fan-out is measured on the narrow one, with the reason", async () => {
    const narrowOnly = async (activities: number): Promise<void> => {
      if (activities > 1_000) throw new BenchError("too wide");
      await slow.subject.sequential(activities);
    };
    const slow = simulated(1, { fanOut: narrowOnly });
    const [only] = await measure(slow.subject, { effort, now: slow.now, only: ["fanOut"] });
    expect(only).toMatchObject({ value: 1_000, note: "1000 activities instead of 5000: too wide" });
  });
});

describe("failures", () => {
  test("a workload that fails is reported, and the others are measured", async () => {
    const fails = simulated(2, { fanOut: () => Promise.reject(new BenchError("broken")) });
    const rows = await measure(fails.subject, { effort, now: fails.now });
    expect(rows.map((row) => row.value === null)).toEqual([false, false, false, false, true]);
    expect(rows.at(-1)).toMatchObject({ runs: 0, min: null, max: null, note: "not measured: broken" });
  });

  test("nothing is measured after a workload that did not end", async () => {
    const { promise: never } = Promise.withResolvers<undefined>();
    const hangs = simulated(2, { sequential: () => never });
    const rows = await measure(hangs.subject, { effort: { ...effort, workloadMs: 1 }, now: hangs.now });
    expect(rows.map((row) => row.value)).toEqual([null, null, null, null, null]);
    expect(rows[0]?.note).toBe("not measured: not done after 0.001 s");
    expect(rows[1]?.note).toBe("not measured: oneActivity was still running");
    expect(hangs.calls).toEqual([]);
  });

  test("a wrong result is an error that names the subject", () => {
    expect(() => expectResult("engine", 3, 4)).toThrow("engine: the workflow's result was 3, expected 4");
    expect(() => expectResult("engine", 4, 4)).not.toThrow();
  });

  test("what ends in time is passed on, result or error", async () => {
    expect(await within(1_000, Promise.resolve(7))).toBe(7);
    await expect(within(1_000, Promise.reject(new BenchError("own")))).rejects.toThrow("own");
  });
});

describe("disk", () => {
  test("the limit is measured in the folder it is given, and leaves nothing there", () => {
    const folder = benchFolder({ BENCH_DIR: tmpdir() });
    try {
      expect(diskLimit(folder.path, 3)).toBeGreaterThan(0);
      expect(readdirSync(folder.path)).toEqual([]);
    } finally {
      folder.remove();
    }
  });
});
