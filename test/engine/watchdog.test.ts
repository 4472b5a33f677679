// Workflow code that does not give the thread back: cut off, reported, and nobody else is harmed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activity, Daruma, query, signal, sleep, update, workflow } from "../../src/index.ts";
import type { RunHandle } from "../../src/index.ts";
import type { TelemetryEvent } from "../../src/telemetry/telemetry.ts";
import {
  ask,
  change,
  echo,
  forever,
  foreverInMicrotasks,
  go,
  honest,
  stuck,
  turnMs,
} from "../support/stuck-workflows.ts";

const file = join(import.meta.dirname, "../support/stuck-workflows.ts");
const folder = mkdtempSync(join(tmpdir(), "daruma-stuck-"));
const limits = { turnMs };
afterAll(() => rmSync(folder, { recursive: true }));

async function failure(promise: Promise<unknown>): Promise<Error & { readonly code?: string }> {
  return promise.then(
    (value) => expect.unreachable(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error as Error,
  );
}

describe.each(["memory:", `sqlite:${join(folder, "runs.db")}`])("workflows that get stuck on %s", (url) => {
  const logs: TelemetryEvent[] = [];
  let daruma: Daruma;
  beforeAll(async () => {
    const telemetry = (event: TelemetryEvent): void => void logs.push(event);
    const workflows = [honest, ...stuck];
    daruma = await Daruma.open(url, {
      workflows,
      limits,
      telemetry,
      endpoint: false,
      checkDeterminism: false,
    });
  });
  afterAll(() => daruma.close());

  const some = (count: number): Promise<RunHandle<number>>[] =>
    Array.from({ length: count }, (_, value) => daruma.start(honest, { input: value }));

  it.each(stuck.map((one) => [one.name, one] as const))(
    "%s: are parked, all others go on",
    async (name, one) => {
      const before = some(10);
      const starting = daruma.start(one);
      const others = await Promise.all([...before, ...some(10)]);
      const run = await starting;
      const told = [run.signal(go), failure(run.update(change, 1))];
      const error = await failure(run.result());
      expect(error.code).toBe("DRM-STUCK-TURN");
      expect(error.message).toContain(
        `workflow ${name}, run ${run.id}, did not give the thread back at ${file}:`,
      );
      expect(error.message).toContain(`within ${turnMs} ms (limits.turnMs)`);
      const expected = Array.from({ length: 20 }, (_, index) => (index % 10) + 1);
      expect(await Promise.all(others.map((other) => other.result()))).toEqual(expected);
      // Its messages were acknowledged: they wait for code that can take them.
      await Promise.all(told);
      const { parked, status, why, messages, historyLength } = await run.describe();
      expect({ parked, status, code: why?.code }).toEqual({
        parked: true,
        status: "running",
        code: "DRM-STUCK-TURN",
      });
      expect(why?.site).toMatch(new RegExp(`^${file}:\\d+:\\d+$`));
      expect(historyLength).toBeGreaterThan(0);
      expect(messages).toBeGreaterThanOrEqual(1);
      expect(logs).toContainEqual(
        expect.objectContaining({ event: "run_parked", runId: run.id, code: "DRM-STUCK-TURN" }),
      );
    },
  );

  it("leave the process quiet", async () => {
    await new Promise((resolve) => setTimeout(resolve, turnMs));
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 2 * turnMs));
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(turnMs * 1000);
  });
});

const asked = signal<string>("asked");
const proceed = signal("proceed");
const count = query<number>("count");
const add = update<number, number>("add");

/** Keeps the thread when it is asked to, in code that only reads. */
const reader = workflow("reader", async () => {
  let sum = 0;
  ask.handle((how) => (how === "forever" ? forever() : how));
  add.handle((value) => (sum += value), { validate: (value) => void (value < 0 && forever()) });
  await proceed.receive();
  await echo(1);
  return sum;
});

describe("code that only reads", () => {
  let daruma: Daruma;
  beforeAll(async () => {
    const options = { workflows: [reader], limits, telemetry: () => {}, checkDeterminism: false };
    daruma = await Daruma.open("memory:", options);
  });
  afterAll(() => daruma.close());

  it("and gets stuck in a query is refused; the run is unharmed, open and closed", async () => {
    const run = await daruma.start(reader);
    expect(await run.update(add, 5)).toBe(5);
    const answers = [run.query(ask, "before"), failure(run.query(ask, "forever")), run.query(ask, "after")];
    expect(await Promise.all(answers)).toEqual([
      "before",
      expect.objectContaining({ code: "DRM-STUCK-TURN" }),
      "after",
    ]);
    expect((await run.describe()).parked).toBe(false);
    await run.signal(proceed);
    expect(await run.result()).toBe(5);
    expect((await failure(run.query(ask, "forever"))).code).toBe("DRM-STUCK-TURN");
    expect(await run.query(ask, "closed")).toBe("closed");
  });

  it("and gets stuck in the validator of an update refuses that update, and only that", async () => {
    const run = await daruma.start(reader);
    const other = await daruma.start(reader);
    const sent = [run.update(add, 1), failure(run.update(add, -1)), run.update(add, 2), other.update(add, 7)];
    const [one, refused, two, seven] = await Promise.all(sent);
    expect([one, two, seven]).toEqual([1, 3, 7]);
    expect((refused as { code?: string }).code).toBe("DRM-UPDATE-REJECTED");
    await run.signal(proceed);
    await other.signal(proceed);
    expect(await run.result()).toBe(3);
    expect(await other.result()).toBe(7);
  });
});

describe("runs that are at work together with a stuck one", () => {
  it("lose nothing: their attempts go on, their messages arrive once and in order", async () => {
    const attempts: number[] = [];
    const slow = activity("slow", async (id: number) => {
      attempts.push(id);
      await new Promise((resolve) => setTimeout(resolve, 4 * turnMs));
      return id;
    });
    const busy = workflow("busy", async (id: number) => {
      const got: string[] = [];
      asked.handle((text) => void got.push(text));
      count.handle(() => got.length);
      const result = await slow(id);
      await proceed.receive();
      return [result, ...got];
    });
    // Stuck in microtasks: nobody can tell at first who of all that are at work is the one.
    const guilty = workflow("guilty", async () => {
      await asked.receive();
      await foreverInMicrotasks();
    });
    const workflows = [busy, guilty];
    const daruma = await Daruma.open("memory:", { workflows, limits, telemetry: () => {} });
    const innocent = await Promise.all([1, 2, 3, 4].map((id) => daruma.start(busy, { input: id })));
    const run = await daruma.start(guilty);
    // All at once, so that they are taken up in the same rounds.
    const all = [...innocent, run];
    await Promise.all(["a", "b", "c"].flatMap((text) => all.map((one) => one.signal(asked, text))));
    expect((await failure(run.result())).message).toContain("workflow guilty");
    for (const one of innocent) expect(await one.query(count)).toBe(3);
    await Promise.all(innocent.map((one) => one.signal(proceed)));
    const results = await Promise.all(innocent.map((one) => one.result()));
    expect(results).toEqual([1, 2, 3, 4].map((id) => [id, "a", "b", "c"]));
    expect(attempts.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    // The three signals were acknowledged; the first of them is what it got stuck with.
    expect((await run.describe()).messages).toBe(3);
    await daruma.close();
  });
});

describe("a replay that gets stuck", () => {
  it("in the determinism check of a closed run is an error of its result", async () => {
    let executions = 0;
    const fickle = workflow("fickle", async () => {
      if (++executions > 1) forever();
      return echo(1);
    });
    const options = { workflows: [fickle], limits, checkDeterminism: true, telemetry: () => {} };
    const daruma = await Daruma.open("memory:", options);
    const error = await failure((await daruma.start(fickle)).result());
    expect(error.code).toBe("DRM-STUCK-TURN");
    await daruma.close();
  });

  it("parks its run, and that goes on with code that fits; stuck runs are tried again after the opening, one by one", async () => {
    const url = `sqlite:${join(folder, "replay.db")}`;
    const define = (name: string, block: () => void) =>
      workflow(name, async () => {
        block();
        const first = await echo(1);
        await proceed.receive();
        return first;
      });
    const open = (...blocks: [() => void, () => void]): Promise<Daruma> => {
      const workflows = [define("one", blocks[0]), define("two", blocks[1])];
      return Daruma.open(url, {
        workflows,
        limits,
        telemetry: () => {},
        endpoint: false,
        checkDeterminism: false,
      });
    };
    const fine = (): void => {};
    const first = await open(fine, forever);
    await first.start("one", { id: "replayed" });
    for (const id of ["x", "y"]) await first.start("two", { id });
    for (const id of ["x", "y"]) await failure(first.get(id).result());
    await first.close();

    const second = await open(forever, forever);
    expect((await second.get("replayed").describe()).parked).toBe(false);
    await second.get("replayed").signal(proceed);
    expect((await failure(second.get("replayed").result())).code).toBe("DRM-STUCK-TURN");
    await second.close();

    const openedAt = Date.now();
    const third = await open(fine, forever);
    // Two runs are stuck still: waiting for both would take longer.
    expect(Date.now() - openedAt).toBeLessThan(2 * turnMs);
    expect(await third.get("replayed").result()).toBe(1);
    await third.close();

    const fourth = await open(fine, fine);
    for (const id of ["x", "y"]) await fourth.get(id).signal(proceed);
    for (const id of ["x", "y"]) expect(await fourth.get(id).result()).toBe(1);
    await fourth.close();
  });
});

describe("a turn that takes long and ends", () => {
  it("is reported, and that is all", async () => {
    const logs: TelemetryEvent[] = [];
    const clock = new Int32Array(new SharedArrayBuffer(4));
    const long = workflow("long", async () => {
      // Waits on memory that another thread would write to; nobody does.
      const from = realNow();
      while (realNow() - from < 0.75 * turnMs) Atomics.load(clock, 0);
      await sleep(1);
      return "done";
    });
    const telemetry = (event: TelemetryEvent): void => void logs.push(event);
    const daruma = await Daruma.open("memory:", { workflows: [long], limits, telemetry });
    const run = await daruma.start(long);
    expect(await run.result()).toBe("done");
    expect(logs.filter(({ runId, event }) => runId === run.id && event !== "slow_turn")).toEqual([]);
    expect(logs).toContainEqual(
      expect.objectContaining({ event: "slow_turn", level: "warn", runId: run.id }),
    );
    await daruma.close();
  });
});

/** The real time, which workflow code has no way to. */
const realNow = Date.now;
