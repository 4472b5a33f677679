// Torture: a crash at each commit, before and after it, and what it finds.
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  activity,
  activityContext,
  child,
  continueAsNew,
  query,
  runInfo,
  signal,
  sleep,
  update,
  workflow,
  type Workflow,
} from "daruma";
import { failing, stub, torture } from "daruma/testing";
import { real } from "../../src/engine/guard/real.ts";
import { approval, approve, month } from "./samples.ts";

const add = activity("add", async (amount: number) => amount);

/** Adds three times, with a week between. */
const adding = workflow("adding", async () => {
  let sum = 0;
  for (const amount of [1, 2, 3]) {
    sum += await add(amount);
    await sleep("7d");
  }
  return sum;
});

describe("torture of a sound workflow", () => {
  it("finds nothing, at any point", async () => {
    const report = await torture(month, "Ada");
    expect(report.differences).toEqual([]);
    // The start, two outcomes of activities, the timer: each has a commit.
    expect(report.points).toBeGreaterThanOrEqual(4);
    expect(report.crashes).toBe(2 * report.points);
  });

  it("stands retries, children, signals to them and continuing as new", async () => {
    const go = signal<number>("go");
    const leaf = workflow("leaf", async (name: string) => `${name} ${await go.receive()} ${await add(1)}`);
    const tree: Workflow<number, string[]> = workflow("tree", async (rounds: number) => {
      const leaves = ["a", "b"].map((name) => child.start(leaf, `${name}${rounds}`));
      for (const one of leaves) one.signal(go, rounds);
      const done = await Promise.all(leaves.map((one) => one.result()));
      await sleep("1d");
      return rounds === 0 ? [...done, runInfo().id] : continueAsNew(rounds - 1);
    });
    const stubs = [
      stub(
        add,
        failing({ times: 2 }, async (amount) => amount * 10),
      ),
    ];
    const report = await torture(tree, 1, { workflows: [leaf], activities: stubs });
    expect(report.differences).toEqual([]);
    expect(report.points).toBeGreaterThan(10);
    expect(report.crashes).toBe(2 * report.points);
  });

  it("stands failure, cancel and clean-up", async () => {
    const broken = workflow("broken", async () => {
      try {
        return await add(1);
      } finally {
        await sleep("1h");
      }
    });
    const stubs = [stub(add, failing({ error: new TypeError("no") }))];
    const failed = await torture(broken, undefined, { activities: stubs });
    expect(failed.differences).toEqual([]);
    const canceled = await torture(month, "Ada", {
      script: async (run, test) => {
        await test.advance("10d");
        await run.cancel("enough");
      },
    });
    expect(canceled.differences).toEqual([]);
    expect(canceled.points).toBeGreaterThanOrEqual(3);
  });

  it("drives workflows that wait for messages, as often as it takes", async () => {
    const state = query<string>("state");
    const change = update<string, string>("change");
    const chatty = workflow("chatty", async () => {
      const heard: string[] = [];
      state.handle(() => heard.join());
      change.handle(async (text) => {
        heard.push(text);
        await add(heard.length);
        return heard.join();
      });
      heard.push(await approve.receive());
      await sleep("1d");
      heard.push(await approve.receive({ timeout: "2d" }).catch(() => "late"));
      return heard;
    });
    const answers = new Set<string>();
    const report = await torture(chatty, undefined, {
      script: async (run, test) => {
        await run.signal(approve, "one");
        await test.advance("12h");
        answers.add(await run.update(change, "two"));
        await test.advance("12h");
        await test.until(async () => (await run.query(state)) === "one,two");
        await test.advance("1d");
        await run.signal(approve, "three");
      },
    });
    expect(report.differences).toEqual([]);
    expect(report.crashes).toBe(2 * report.points);
    expect(answers).toEqual(new Set(["one,two"]));
  });
});

describe("torture of a run that continues as new", () => {
  it("sends a script's messages once, to whichever generation is there", async () => {
    const rounds = workflow("rounds", async (heard: string[]): Promise<string[]> => {
      const all = [...heard, await approve.receive()];
      return all.length === 3 ? all : continueAsNew(all);
    });
    const report = await torture(rounds, [], {
      script: async (run, test) => {
        for (const text of ["a", "b", "c"]) {
          await run.signal(approve, text);
          await test.advance("1d");
        }
      },
    });
    expect(report.differences).toEqual([]);
    expect(report.points).toBeGreaterThan(5);
  });
});

describe("torture of a workflow with a mistake", () => {
  const memory = { calls: 0 };
  afterEach(() => void (memory.calls = 0));

  it("finds one that shows without a crash, and says where", async () => {
    const fickle = workflow("fickle", async () => {
      memory.calls++;
      return memory.calls === 1 ? add(1) : sleep("1h");
    });
    const report = await torture(fickle, undefined);
    expect(report.crashes).toBe(0);
    expect(report.differences).toEqual([
      {
        point: 0,
        when: "never",
        what: "a violation",
        expected: "none",
        found: expect.stringContaining("torture.test.ts:"),
      },
    ]);
  });

  it("finds code that depends on the memory of its process", async () => {
    const cache = new Set<string>();
    const caching = workflow("caching", async () => {
      if (!cache.has("warm")) await add(1);
      cache.add("warm");
      await sleep("1h");
      return cache.size;
    });
    // The check of closed runs would find it at once; here it is torture's turn.
    const report = await torture(caching, undefined, { setup: () => cache.clear(), checkDeterminism: false });
    const parked = report.differences.find(({ found }) => found.startsWith("parked"));
    expect(parked).toMatchObject({ what: "the status of run caching", expected: "completed" });
    expect(parked?.found).toContain("activity_scheduled add #1");
  });

  it("finds an effect that is not idempotent, by what the test observes", async () => {
    const ledger = { sum: 0, seen: new Set<string>() };
    const pay = (once: boolean) => async (amount: number) => {
      const { idempotencyKey } = activityContext();
      if (!once || !ledger.seen.has(idempotencyKey)) ledger.sum += amount;
      ledger.seen.add(idempotencyKey);
      return amount;
    };
    const options = {
      setup: () => Object.assign(ledger, { sum: 0, seen: new Set() }),
      observe: () => ledger.sum,
    };
    const careless = await torture(adding, undefined, { ...options, activities: [stub(add, pay(false))] });
    // Three payments; each is lost once, between the call and the commit of its outcome.
    expect(careless.differences).toMatchObject(
      ["7", "8", "9"].map((found) => ({
        when: "before",
        what: "what observe() returned",
        expected: "6",
        found,
      })),
    );
    const careful = await torture(adding, undefined, { ...options, activities: [stub(add, pay(true))] });
    expect(careful.differences).toEqual([]);
  });

  it("finds one by the result of the run", async () => {
    const count = activity("count", async () => ++memory.calls);
    const counted = workflow("counted", async () => count());
    const report = await torture(counted, undefined, { setup: () => (memory.calls = 0) });
    const where = { point: expect.any(Number), when: "before" };
    expect(report.differences).toEqual([
      { ...where, what: "the result of run counted", expected: "1", found: "2" },
      { ...where, what: "command 2 of run counted", expected: "run_completed 1", found: "run_completed 2" },
    ]);
  });
});

describe("torture", () => {
  it("says when a run cannot end without a script", async () => {
    const forever = workflow("forever", async () => approve.receive());
    await expect(torture(forever, undefined)).rejects.toMatchObject({ code: "DRM-TEST-STUCK" });
    const { differences } = await torture(approval, undefined);
    expect(differences).toEqual([]);
  });

  it("gives the errors of the script to the test", async () => {
    const script = (): never => {
      throw new RangeError("mine");
    };
    await expect(torture(month, "Ada", { script })).rejects.toThrow(RangeError);
  });

  it("uses a real timer nowhere", async () => {
    const timers = [
      vi.spyOn(globalThis, "setTimeout"),
      vi.spyOn(globalThis, "setInterval"),
      vi.spyOn(real, "setTimeout"),
    ];
    const before = performance.now();
    await torture(adding, undefined);
    expect(performance.now() - before).toBeLessThan(2000);
    for (const timer of timers) expect(timer).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});
