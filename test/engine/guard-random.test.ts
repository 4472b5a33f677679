// The determinism guard: randomness. Inside workflow code it comes from the run's seed, outside it is real.
import * as crypto from "node:crypto";
import {
  getRandomValues as namedValues,
  randomBytes,
  randomFillSync,
  randomInt,
  randomUUID,
  webcrypto,
} from "node:crypto";
import { describe, expect, it } from "vitest";
import { activity, condition, query, signal, sleep, workflow } from "../../src/index.ts";
import { World } from "../support/world.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** One value of each source. */
function draws(): Record<string, unknown> {
  return {
    random: Math.random(),
    uuid: randomUUID(),
    namespace: crypto.randomUUID({ disableEntropyCache: true }),
    global: globalThis.crypto.randomUUID(),
    web: webcrypto.randomUUID(),
    bytes: randomBytes(9).toString("hex"),
    int: randomInt(1_000_000_000),
    between: randomInt(-5, 1_000_000_000),
    values: hex(globalThis.crypto.getRandomValues(new Uint8Array(8))),
    words: hex(new Uint8Array(globalThis.crypto.getRandomValues(new Uint32Array(2)).buffer)),
    named: hex(namedValues(new Uint8Array(8))),
    filled: hex(randomFillSync(new Uint8Array(8))),
    part: hex(randomFillSync(new Uint8Array(8), 2, 4)),
    buffer: hex(new Uint8Array(randomFillSync(new Float64Array(1)).buffer)),
  };
}

describe("random numbers in workflow code", () => {
  const drawing = workflow("drawing", async () => {
    const first = draws();
    await sleep("1m");
    return [first, draws()];
  });

  it("are the same on every replay, and different in every place and run (lesson 10)", async () => {
    const world = new World();
    const worker = await world.open([drawing], { cacheSize: 0 });
    const runs = [await world.until(worker.start(drawing)), await world.until(worker.start(drawing))];
    // The determinism check compares results with those of a replay: it would reject here.
    const results = await Promise.all(runs.map((run) => world.until(run.result())));
    for (const name of Object.keys(draws())) {
      const seen = results.flatMap((halves) => halves.map((half) => half[name]));
      expect({ name, different: new Set(seen).size }).toEqual({ name, different: 4 });
    }
  });

  it("go on with the same row after a restart (lesson 11)", async () => {
    const kept: unknown[] = [];
    const rows = workflow("rows", async () => {
      const before = Math.random();
      kept.push(before);
      await sleep("1m");
      return [before, Math.random()];
    });
    const world = new World();
    const first = await world.open([rows]);
    await world.until(first.start(rows, { id: "r" }));
    const second = await world.restart([rows]);
    const [before, after] = (await world.until(second.get("r").result())) as [number, number];
    expect(kept[0]).toBe(before);
    expect(new Set(kept).size).toBe(1);
    expect(after).not.toBe(before);
  });

  it("have the form that they have outside", async () => {
    const world = new World();
    const worker = await world.open([drawing]);
    const run = await world.until(worker.start(drawing));
    const [inside] = await world.until(run.result());
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    for (const values of [inside, draws()]) {
      for (const name of ["uuid", "namespace", "global", "web"]) expect(values?.[name]).toMatch(uuid);
      expect(values).toMatchObject({
        bytes: expect.stringMatching(/^[0-9a-f]{18}$/),
        values: expect.stringMatching(/^[0-9a-f]{16}$/),
        part: expect.stringMatching(/^0000[0-9a-f]{8}0000$/),
      });
      expect(values?.["random"]).toBeLessThan(1);
      expect(Number.isInteger(values?.["int"])).toBe(true);
    }
    const again = new Set(Array.from({ length: 20 }, () => draws()["random"]));
    expect(again.size).toBe(20);
  });

  it("refuse the same arguments as outside, with the same errors", async () => {
    const wrong: (() => unknown)[] = [
      () => randomBytes(-1),
      () => randomInt(5, 5),
      () => randomInt(1.5),
      () => crypto.randomUUID("no" as never),
      () => globalThis.crypto.getRandomValues(new Float64Array(1) as never),
      () => globalThis.crypto.getRandomValues(new Uint8Array(70_000)),
      () => randomFillSync(new Uint8Array(2), 3),
    ];
    const messages = (): string[] =>
      wrong.map((call) => {
        try {
          return `no error: ${String(call())}`;
        } catch (error) {
          return `${(error as Error).name}: ${(error as Error).message}`;
        }
      });
    const refusing = workflow("refusing", () => messages());
    const world = new World();
    const worker = await world.open([refusing]);
    const inside = await world.until((await world.until(worker.start(refusing))).result());
    expect(inside).toEqual(messages());
    expect(inside.join()).not.toContain("no error");
  });

  it("stay real in activities", async () => {
    const draw = activity("draw", () => [Math.random(), randomUUID()]);
    const twice = workflow("twice", async () => [await draw(), await draw()]);
    const world = new World();
    const worker = await world.open([twice]);
    const one = await world.until((await world.until(worker.start(twice))).result());
    const two = await world.until((await world.until(worker.start(twice))).result());
    expect(new Set([...one, ...two].flat()).size).toBe(8);
  });
});

describe("reading", () => {
  it("does not use up the run's random numbers: queries and conditions may be asked any number of times", async () => {
    const go = signal("go");
    const lot = query<number>("lot");
    const reading = workflow("reading", async () => {
      lot.handle(() => Math.random());
      let seen = 0;
      let open = false;
      go.handle(() => void (open = ++seen === 3));
      await condition(() => Math.random() < 2 && open);
      return Math.random();
    });
    const world = new World();
    const worker = await world.open([reading]);
    const ids = ["a", "b"];
    for (const id of ids) await world.until(worker.start(reading, { id }));
    for (let time = 0; time < 3; time++) {
      for (const id of ids) await world.until(worker.get(id).signal(go));
      const asked = await world.until(worker.get("a").query(lot));
      expect(await world.until(worker.get("a").query(lot))).toBe(asked);
    }
    // The check of the closed run replays it without any query: a number that was used up would show.
    for (const id of ids) expect(await world.until(worker.get(id).result())).toBeLessThan(1);
  });
});
