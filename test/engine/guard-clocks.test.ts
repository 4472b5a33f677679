// The determinism guard: clocks. Inside workflow code the recorded time, outside the real one.
import { execFileSync } from "node:child_process";
import { performance as imported } from "node:perf_hooks";
import { hrtime as namedHrtime } from "node:process";
import { afterEach, describe, expect, it } from "vitest";
import { activity, sleep, workflow } from "../../src/index.ts";
import { historyOf, World } from "../support/world.ts";

const worlds = new Set<World>();

function world(): World {
  const made = new World();
  worlds.add(made);
  return made;
}

afterEach(() => worlds.clear());

/** Everything that tells the time, as plain values. */
function readings(): Record<string, unknown> {
  return {
    now: Date.now(),
    constructed: new Date().getTime(),
    called: new Date(Date()).getTime(),
    performance: performance.now(),
    perfHooks: imported.now(),
    hrtime: process.hrtime(),
    named: namedHrtime(),
    difference: process.hrtime([0, 5]),
    bigint: process.hrtime.bigint(),
    uptime: process.uptime(),
    format: new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "long" }).format(),
    parts: new Intl.DateTimeFormat("en", { timeStyle: "long" }).formatToParts().length,
  };
}

describe("clocks in workflow code", () => {
  it("give the time of the outcome that is delivered, the same on every replay (lessons 2 and 10)", async () => {
    const all = workflow("clocks", async () => {
      const first = readings();
      await sleep("90s");
      return [first, readings()];
    });
    const place = world();
    // With a cache of nothing the second half is reached by replay; the check at the end replays all of it once more.
    const worker = await place.open([all], { cacheSize: 0 });
    const run = await place.until(worker.start(all, { id: "r" }));
    const [first, second] = await place.until(run.result());
    const [started] = await historyOf(worker, "r");
    const fired = (await historyOf(worker, "r")).find(({ type }) => type === "timer_fired");
    const start = started?.time ?? 0;
    const end = fired?.time ?? 0;
    expect(end - start).toBe(90_000);
    expect(first).toMatchObject({
      now: start,
      constructed: start,
      called: Math.floor(start / 1000) * 1000,
      performance: 0,
      perfHooks: 0,
      hrtime: [0, 0],
      bigint: 0n,
      uptime: 0,
    });
    expect(second).toMatchObject({
      now: end,
      constructed: end,
      performance: 90_000,
      perfHooks: 90_000,
      hrtime: [90, 0],
      named: [90, 0],
      difference: [89, 999_999_995],
      bigint: 90_000_000_000n,
      uptime: 90,
      format: new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "long" }).format(end),
    });
    expect(place.clock.now()).toBeGreaterThanOrEqual(end);
  });

  it("are real in activities and outside, also while a run is open", async () => {
    const readClock = activity("readClock", () => [Date.now(), new Date().getTime(), performance.now()]);
    const asking = workflow("asking", () => readClock());
    const place = world();
    const worker = await place.open([asking]);
    const before = Date.now();
    const run = await place.until(worker.start(asking));
    const [now, constructed, performed] = await place.until(run.result());
    expect(now).toBeGreaterThanOrEqual(before);
    expect(constructed).toBeGreaterThanOrEqual(before);
    expect(performed).toBeGreaterThan(0);
    expect(Date.now()).toBeLessThan(before + 60_000);
    // The world's clock is a virtual one: workflow code saw that, not this.
    expect(place.clock.now()).not.toBe(now);
  });
});

describe("a guarded Date", () => {
  /** What people do with dates, besides asking for the time. */
  function dates(): unknown[] {
    class Day extends Date {
      readonly label = "day";
    }
    const day = new Day(5);
    const copy = structuredClone(new Date(7));
    const { constructor } = new Date(9) as unknown as { constructor: DateConstructor };
    return [
      Date.name,
      Date.length,
      new Date(2020, 1, 2, 3) instanceof Date,
      day instanceof Date && day instanceof Day && day.label,
      day.getTime(),
      Object.prototype.toString.call(new Day()),
      copy instanceof Date && copy.getTime(),
      constructor === Date,
      new constructor(11).getTime(),
      Date.parse("2020-01-01T00:00:00Z"),
      Date.UTC(2020, 0, 1),
      new Date("2020-01-01T00:00:00Z").toISOString(),
      new Date(new Date(3)).getTime(),
      typeof Date(),
      Number.isNaN(new Date(Number.NaN).getTime()),
      new Day().getTime() === Date.now() || "the clock went on",
    ];
  }

  it("is a Date in every other way, inside and outside", async () => {
    const inside = workflow("dates", () => dates());
    const place = world();
    const worker = await place.open([inside]);
    const run = await place.until(worker.start(inside));
    const found = await place.until(run.result());
    const outside = dates();
    expect(found.slice(0, -1)).toEqual(outside.slice(0, -1));
    expect(outside.slice(0, 9)).toEqual(["Date", 7, true, "day", 5, "[object Date]", 7, true, 11]);
    expect(found.at(-1)).toBe(true);
  });

  it("made outside is a Date inside, and the other way round", async () => {
    const outside = new Date(1);
    const crossing = workflow("crossing", () => [outside instanceof Date, new Date(2)] as const);
    const place = world();
    const worker = await place.open([crossing]);
    const run = await place.until(worker.start(crossing));
    const [inside, made] = await place.until(run.result());
    expect(inside).toBe(true);
    expect(made).toBeInstanceOf(Date);
    expect(made).toEqual(new Date(2));
  });
});

describe("Temporal.Now", () => {
  // Node 24 has Temporal behind a flag only.
  const program = `
    import { Daruma, sleep, workflow } from "./src/index.ts";
    const read = () => [
      String(Temporal.Now.instant()),
      String(Temporal.Now.zonedDateTimeISO("Asia/Tokyo")),
      String(Temporal.Now.zonedDateTimeISO().toInstant()),
      String(Temporal.Now.plainDateISO("UTC")),
      String(Temporal.Now.plainDateTimeISO("UTC")),
      String(Temporal.Now.plainTimeISO("UTC")),
      String(Temporal.Instant.fromEpochMilliseconds(Date.now())),
    ];
    const old = () => {
      try {
        return String(Temporal.Now.plainDate("iso8601"));
      } catch (error) {
        return error.code;
      }
    };
    const clocks = workflow("clocks", async () => {
      const first = read();
      await sleep(30);
      return [first, read()];
    });
    const forbidden = workflow("forbidden", () => old());
    const daruma = await Daruma.open("memory:", { workflows: [clocks, forbidden], cacheSize: 0, checkDeterminism: true, telemetry: () => {} });
    const run = await daruma.start(clocks, { id: "r" });
    const result = await run.result();
    const times = [];
    for await (const event of run.history()) if ("time" in event) times.push([event.type, event.time]);
    const refused = await (await daruma.start(forbidden)).result().catch((error) => error.code);
    const after = Math.abs(Number(Temporal.Now.instant().epochMilliseconds) - Date.now());
    process.stdout.write(JSON.stringify({ result, times: Object.fromEntries(times), refused, after, has: typeof Temporal.Now.plainDate }));
    await daruma.close();
  `;

  it("gives the recorded time (lesson 11)", () => {
    const flags = ["--harmony-temporal", "--conditions=daruma-source", "--input-type=module-typescript"];
    const output = execFileSync(process.execPath, [...flags, "-e", program], { encoding: "utf8" });
    const { result, times, refused, after, has } = JSON.parse(output) as {
      result: [string[], string[]];
      times: Record<string, number>;
      refused: string;
      after: number;
      has: string;
    };
    const iso = (time: number | undefined): string =>
      new Date(time ?? 0).toISOString().replace(/\.?0*Z$/, "Z");
    for (const [index, time] of [times["run_started"], times["timer_fired"]].entries()) {
      const [instant, tokyo, zoned, date, dateTime, clock, fromDate] = result[index] ?? [];
      expect(instant).toBe(iso(time));
      expect(fromDate).toBe(instant);
      expect(zoned).toBe(instant);
      expect(tokyo).toContain("+09:00[Asia/Tokyo]");
      expect(`${date}T${clock}Z`).toBe(instant);
      expect(`${dateTime}Z`).toBe(instant);
    }
    expect(after).toBeLessThan(5_000);
    // The names of the older proposal are refused where Node still has them.
    expect(refused).toBe(has === "function" ? "DRM-FORBIDDEN-CALL" : undefined);
  });
});
