/* Our own workloads, each in a process of its own so that memory and warm-up are its own. Called by bench/own/main.ts. */
import { join } from "node:path";
import { Daruma } from "daruma";
import { replayHistory } from "../../src/engine/determinism.ts";
import { defaultLimits } from "../../src/core/limits.ts";
import type { Event } from "../../src/core/events.ts";
import { nodePorts } from "../../src/embedded/node-ports.ts";
import { inSequence, openDaruma } from "../daruma.ts";
import { diskLimit } from "../driver/disk.ts";
import { median } from "./row.ts";
import type { Row } from "./row.ts";
import { long, marks, sleeper, wake } from "./workflows.ts";

type Scenario = (folder: string) => Promise<Row[]>;

const megabyte = 2 ** 20;

async function repeated(times: number, once: () => Promise<number>): Promise<number> {
  const figures: number[] = [];
  for (let i = 0; i < times; i++) figures.push(await once());
  return median(figures);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** One run, activities one after the other, against a single-row commit of the same disk in the same minute. */
const sequence: Scenario = async (folder) => {
  const subject = await openDaruma(folder);
  await subject.sequential(1000);
  const ratios: number[] = [];
  let ms = 0;
  let disk = 0;
  for (let i = 0; i < 7; i++) {
    disk = diskLimit(folder);
    ms = (await timed(() => subject.sequential(1000))) / 1000;
    ratios.push(ms / disk);
  }
  await subject.close();
  const note = `last: ${ms.toFixed(3)} ms per activity, ${disk.toFixed(3)} ms per single-row commit`;
  return [
    {
      workload: "sequence of 1,000, against a single-row commit",
      value: median(ratios),
      unit: "×",
      must: 2,
      aim: 1.3,
      better: "lower",
      note,
    },
  ];
};

const latency: Scenario = async (folder) => {
  const subject = await openDaruma(folder);
  // As long as V8 takes to compile what a process that has run for a while has compiled.
  for (let i = 0; i < 400; i++) await subject.sequential(4);
  const before = diskLimit(folder);
  const value = await repeated(400, () => timed(() => subject.sequential(4)));
  const disk = (before + diskLimit(folder)) / 2;
  await subject.close();
  return [
    {
      workload: "4-activity run, one at a time, start to result, p50",
      value,
      unit: "ms",
      must: 2,
      aim: 1.2,
      better: "lower",
      note: `five single-row commits: ${(5 * disk).toFixed(2)} ms, before and after it`,
    },
  ];
};

const fanOut: Scenario = async (folder) => {
  const subject = await openDaruma(folder);
  await subject.fanOut(5000);
  const five = await repeated(7, () => timed(() => subject.fanOut(5000)));
  const fifty = await repeated(3, () => timed(() => subject.fanOut(50_000)));
  await subject.close();
  return [
    {
      workload: "fan-out of 5,000 in one run",
      value: 5_000_000 / five,
      unit: "activities/s",
      must: 30_000,
      aim: 80_000,
      better: "higher",
      note: "",
    },
    {
      workload: "fan-out of 50,000, against one of 5,000",
      value: fifty / five,
      unit: "×",
      must: 12,
      better: "lower",
      note: `${Math.round(50_000_000 / fifty)} activities/s`,
    },
  ];
};

/** Does the last part of a very long run cost what the first part costs, and does memory stay flat? */
const longRun: Scenario = async (folder) => {
  const daruma = await Daruma.open(`sqlite:${join(folder, "long.db")}`, {
    workflows: [long],
    checkDeterminism: false,
  });
  await (await daruma.start(long, { input: 10_000 })).result();
  marks.length = 0;
  globalThis.gc?.();
  const run = await daruma.start(long, { input: 100_000 });
  const heaps: number[] = [];
  const watch = setInterval(() => {
    globalThis.gc?.();
    heaps.push(process.memoryUsage().heapUsed / megabyte);
  }, 2000);
  await run.result();
  clearInterval(watch);
  marks.push(performance.now());
  const costs = marks.slice(1).map((at, i) => at - (marks[i] ?? 0));
  await daruma.close();
  const first = median(costs.slice(0, 10));
  const last = median(costs.slice(-10));
  const grown = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0);
  return [
    {
      workload: "run of 100,000: last 1,000s against first 1,000s (median of 10 each)",
      value: last / first,
      unit: "×",
      must: 1.3,
      better: "lower",
      note: `${first.toFixed(0)} ms and ${last.toFixed(0)} ms`,
    },
    {
      workload: "run of 100,000: heap at the end above the beginning",
      value: grown,
      unit: "MB",
      must: 20,
      better: "lower",
      note: `after collections, ${heaps.length} samples`,
    },
  ];
};

const sleepers = 100_000;

async function inBatches(count: number, start: (i: number) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < count; i += 500) {
    await Promise.all(Array.from({ length: Math.min(500, count - i) }, (_, k) => start(i + k)));
  }
}

/** What the process holds when V8 has given back what it does not need, which it does some time after a collection. */
async function settledMemory(): Promise<NodeJS.MemoryUsage> {
  for (let i = 0; i < 10; i++) {
    globalThis.gc?.();
    await new Promise<void>((resolve) => setTimeout(resolve, 100));
  }
  return process.memoryUsage();
}

/**
 * Start very many runs that sleep. What they cost is what the process holds more than after the same number of runs that have completed: the traffic alone
 * makes V8 and SQLite take memory that they keep. Reopening the sleepers is another process: `reopen`.
 */
const sleeping: Scenario = async (folder) => {
  const workflows = [sleeper, inSequence];
  const daruma = await Daruma.open(`sqlite:${join(folder, "sleep.db")}`, {
    workflows,
    checkDeterminism: false,
  });
  await inBatches(sleepers, async () => (await daruma.start(inSequence, { input: 0 })).result());
  const before = await settledMemory();
  const ms = await timed(() => inBatches(sleepers, (i) => daruma.start(sleeper, { id: `s-${i}`, input: 0 })));
  const after = await settledMemory();
  await daruma.close();
  const heap = Math.round((after.heapUsed - before.heapUsed) / megabyte);
  const note = `resident memory, above the same traffic of runs that complete; of it ${heap} MB of JavaScript; started at ${Math.round((sleepers * 1000) / ms)} runs/s`;
  const value = (after.rss - before.rss) / megabyte;
  return [
    {
      workload: "100,000 sleeping runs: memory above none",
      value,
      unit: "MB",
      must: 100,
      better: "lower",
      note,
    },
  ];
};

const reopen: Scenario = async (folder) => {
  const from = performance.now();
  const daruma = await Daruma.open(`sqlite:${join(folder, "sleep.db")}`, {
    workflows: [sleeper],
    checkDeterminism: false,
  });
  const ready = performance.now() - from;
  const figures: number[] = [];
  for (let i = 0; i < 101; i++) {
    const run = daruma.get(`s-${(i * 977) % sleepers}`);
    figures.push(await timed(() => run.signal(wake, i)));
    await run.result();
  }
  await daruma.close();
  return [
    {
      workload: "100,000 sleeping runs: reopen to ready",
      value: ready / 1000,
      unit: "s",
      must: 1,
      better: "lower",
      note: "",
    },
    {
      workload: "100,000 sleeping runs: a signal to one, acknowledged, p50",
      value: median(figures),
      unit: "ms",
      must: 5,
      better: "lower",
      note: `slowest ${Math.max(...figures).toFixed(1)} ms`,
    },
  ];
};

const replay: Scenario = async (folder) => {
  const daruma = await Daruma.open(`sqlite:${join(folder, "replay.db")}`, {
    workflows: [long],
    checkDeterminism: false,
  });
  const run = await daruma.start(long, { input: 5000 });
  await run.result();
  const events: Event[] = [];
  for await (const event of run.history()) events.push(event);
  const text = JSON.stringify(events);
  await daruma.close();
  const once = (): Promise<number> =>
    timed(() =>
      replayHistory(
        JSON.parse(text) as Event[],
        { workflow: long, id: "r", generation: 1, limits: defaultLimits, ports: nodePorts },
        false,
      ),
    );
  await repeated(5, once);
  const value = await repeated(15, once);
  return [
    {
      workload: `replay of a history of ${events.length} events`,
      value,
      unit: "ms",
      must: 100,
      aim: 30,
      better: "lower",
      note: "parsing included",
    },
  ];
};

/** All scenarios, in the order in which they are run. `reopen` needs the folder of `sleeping`. */
export const scenarios: Record<string, Scenario> = {
  sequence,
  latency,
  fanOut,
  longRun,
  sleeping,
  reopen,
  replay,
};
