// Everything that workflow code can do, under torture: a crash at any commit changes nothing.
import { describe, expect, it } from "vitest";
import {
  activity,
  activityContext,
  cancelable,
  child,
  condition,
  continueAsNew,
  getVersion,
  inCompletionOrder,
  mapConcurrent,
  patched,
  runInfo,
  shielded,
  signal,
  sleep,
  some,
  update,
  withTimeout,
  workflow,
  type Workflow,
} from "daruma";
import { failing, hanging, heartbeating, stub, torture, type TortureOptions } from "daruma/testing";

const add = activity("add", async (amount: number) => amount);
const undo = activity("undo", async (what: string) => what);
/** Takes so many seconds. */
const slow = activity(
  "slow",
  async (seconds: number) => {
    await activityContext().sleep(`${seconds}s`);
    return seconds;
  },
  { startToCloseTimeout: "10s", heartbeatTimeout: "8s" },
);
const go = signal<number>("go");
const set = update<number, number>("set");

const leaf = workflow("leaf", async (minutes: number) => {
  try {
    await sleep(`${minutes}m`);
    return await add(minutes);
  } catch (error) {
    await shielded(() => undo(`leaf ${minutes}`));
    throw error;
  }
});

interface Case {
  readonly name: string;
  readonly run: () => Promise<unknown>;
  readonly options?: TortureOptions;
}

const parallel: readonly Case[] = [
  {
    name: "bounded concurrency",
    run: () => mapConcurrent([5, 4, 3, 2, 1, 6], (n) => slow(n), { concurrency: 2 }),
  },
  {
    name: "k of n",
    run: async () =>
      (
        await some(
          2,
          [4, 1, 3, 2].map((n) => () => slow(n)),
        )
      ).results,
  },
  {
    name: "order of completion",
    run: () => Array.fromAsync(inCompletionOrder([3, 1, 2].map((n) => slow(n)))),
  },
  { name: "a race that a timer wins", run: () => Promise.race([slow(5), sleep("3s").then(() => "timer")]) },
];

const canceling: readonly Case[] = [
  {
    name: "a limit on a block",
    run: async () => {
      const late = withTimeout("4s", async () => (await add(1)) + (await slow(9)));
      return late.catch(async ({ name }: Error) => `${name} ${await add(2)}`);
    },
  },
  {
    name: "a block that is canceled",
    run: async () => {
      const [block, cancel] = cancelable(() => slow(5));
      await sleep("2s");
      cancel("enough");
      return block.catch(({ message }: Error) => message);
    },
  },
  {
    name: "a saga",
    run: async () => {
      const done: string[] = [];
      try {
        for (const amount of [1, 2, 3]) done.push(String(await add(amount)));
        throw new RangeError("too much");
      } finally {
        await shielded(() => mapConcurrent(done, (what) => undo(what), { concurrency: 1 }));
      }
    },
    options: {
      activities: [
        stub(
          add,
          failing({ times: 1 }, (amount) => amount),
        ),
      ],
    },
  },
  {
    name: "a cancel with clean-up",
    run: async () => {
      try {
        await sleep("10d");
      } finally {
        await shielded(async () => {
          await undo("first");
          await sleep("1d");
          await undo("second");
        });
      }
    },
    options: {
      script: async (run, test) => {
        await test.advance("1d");
        await run.cancel("stop");
      },
    },
  },
];

const family: readonly Case[] = [
  {
    name: "children of which one is canceled",
    run: async () => {
      const leaves = [1, 2, 3].map((minutes) => child.start(leaf, minutes));
      await sleep("90s");
      leaves.at(-1)?.cancel("late");
      return (await Promise.allSettled(leaves.map((one) => one.result()))).map(({ status }) => status);
    },
    options: { workflows: [leaf] },
  },
  {
    name: "a parent that closes first",
    run: async () => {
      for (const [index, parentClose] of (["abandon", "cancel", "terminate"] as const).entries())
        child.start(leaf, index + 5, { parentClose });
      await sleep("1m");
    },
    options: { workflows: [leaf] },
  },
  {
    name: "a family that is terminated",
    run: () => Promise.all([1, 2].map((hours) => child(leaf, hours * 60))),
    options: {
      workflows: [leaf],
      script: async (run, test) => {
        await test.advance("1h10m");
        await run.terminate("end");
      },
    },
  },
];

const messages: readonly Case[] = [
  {
    name: "a pause",
    run: async () => {
      for (let round = 0; round < 3; round++) {
        await slow(3);
        await sleep("10s");
      }
    },
    options: {
      script: async (run, test) => {
        await test.advance("2s");
        await run.pause();
        await test.advance("1m");
        await run.resume();
      },
    },
  },
  {
    name: "updates, one after the other and refused",
    run: async () => {
      let sum = 0;
      const validate = (amount: number): void => {
        if (amount < 0) throw new RangeError("negative");
      };
      set.handle(async (amount) => (sum += await add(amount)), { validate });
      await condition(() => sum >= 6);
      return sum;
    },
    options: {
      script: async (run) => {
        await expect(run.update(set, -1)).rejects.toMatchObject({
          code: expect.stringMatching(/REJECTED|CLOSED/),
        });
        for (const amount of [1, 2, 3]) await run.update(set, amount);
      },
    },
  },
  {
    name: "updates at once",
    run: async () => {
      let sum = 0;
      set.handle(async (seconds) => {
        await sleep(`${seconds}s`);
        return (sum += seconds);
      });
      await condition(() => sum >= 6);
      return sum;
    },
    options: { script: (run) => Promise.all([3, 2, 1].map((seconds) => run.update(set, seconds))) },
  },
  {
    name: "signals to a handler",
    run: async () => {
      const heard: number[] = [];
      go.handle(async (amount) => void heard.push(await add(amount)));
      await condition(() => heard.length === 3, "10d");
      return heard;
    },
    options: {
      script: async (run, test) => {
        await run.signal(go, 1);
        await run.signal(go, 2);
        await test.advance("1d");
        await run.signal(go, 3);
      },
    },
  },
];

const attempts: readonly Case[] = [
  {
    name: "attempts that run out of time",
    run: () => slow(1).catch(({ name }: Error) => name),
    options: { activities: [stub(slow, hanging())] },
  },
  {
    name: "heartbeats",
    run: () => slow(1),
    options: {
      activities: [
        stub(
          slow,
          heartbeating({ every: "4s", times: 2 }, (seconds) => seconds),
        ),
      ],
    },
  },
  {
    name: "gates of versions",
    run: async () => [getVersion("first", -1, 2), await add(1), patched("second") && (await add(2))],
  },
];

/** The case as a workflow; its name is the run's id. */
function subject({ run }: Case): Workflow<void, unknown> {
  return workflow("subject", run);
}

describe.each([...parallel, ...canceling, ...family, ...messages, ...attempts])("$name", (one) => {
  it("survives a crash at each commit", async () => {
    const report = await torture(subject(one), undefined, one.options);
    expect(report.differences).toEqual([]);
    // Everything here takes more than its start.
    expect(report.points).toBeGreaterThan(1);
    expect(report.crashes).toBe(2 * report.points);
  });
});

describe("a run", () => {
  it("with a deadline survives a crash at each commit", async () => {
    const limited = workflow("limited", () => add(1).then(() => sleep("10d")), { timeout: "5d" });
    const report = await torture(limited, undefined);
    expect(report.differences).toEqual([]);
    expect(report.points).toBeGreaterThan(2);
  });

  it("that continues as new survives a crash at each commit", async () => {
    const rounds: Workflow<number, unknown> = workflow("rounds", async (round: number) => {
      await add(round);
      await sleep("1d");
      return round > 2 ? [round, runInfo().generation] : continueAsNew(round + 1);
    });
    const report = await torture(rounds, 1);
    expect(report.differences).toEqual([]);
    expect(report.points).toBeGreaterThan(6);
  });
});
