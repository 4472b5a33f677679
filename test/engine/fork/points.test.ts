/** For every event of a history: either a fork at it comes to the same result, or it is refused with the nearest points. */
import { DarumaError } from "daruma";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/core/random.ts";
import { random, tick } from "../../support/random-workflow.ts";
import { historyOf, World } from "../../support/world.ts";
import { calls, go, medley, medleys, playMedley, plus } from "./forkable.ts";

describe("every point of a history", () => {
  it("gives the same result, or an error that names points that do", async () => {
    const world = new World();
    const daruma = await world.open(medleys);
    const result = await playMedley(daruma, world);
    const events = await historyOf(daruma, "r");
    const legal: number[] = [];
    const refused: { at: number; nearest: readonly number[] }[] = [];
    for (let at = 1; at <= events.length; at++) {
      try {
        const fork = await daruma.get("r", medley).fork({ id: `f-${at}`, at });
        legal.push(at);
        await world.quiet();
        const has = (type: string): boolean => events.slice(0, at).some((event) => event.type === type);
        // What came to the source after the point comes to the fork from us.
        if (!has("update_accepted")) await world.until(fork.update(plus, 5));
        if (!has("signal_received")) await fork.signal(go, 100);
        const { lucky, ...rest } = await world.until(fork.result());
        // Randomness that was drawn before the point is the source's, all other is the fork's own.
        const same = {
          sum: rest.sum,
          lucky: lucky === result.lucky,
          begins: rest.started === result.started,
        };
        expect(same, `at ${at}`).toEqual({ sum: result.sum, lucky: at > 1, begins: at > 1 });
        expect((await fork.describe()).origin).toEqual({ as: "fork", from: { id: "r", generation: 1, at } });
      } catch (error) {
        if (!(error instanceof DarumaError) || error.code !== "DRM-FORK-POINT") throw error;
        refused.push({ at, ...(error.details as { nearest: readonly number[] }) });
      }
    }
    expect(legal.length).toBeGreaterThan(10);
    expect(refused.length).toBeGreaterThan(2);
    for (const { at, nearest } of refused) {
      const below = legal.findLast((point) => point < at);
      const above = legal.find((point) => point > at);
      expect(nearest, `at ${at}`).toEqual([below, above].filter((point) => point !== undefined));
    }
    expect(daruma.logs.filter(({ level }) => level === "error")).toEqual([]);
    expect(await historyOf(daruma, "r")).toEqual(events);
    // No two runs share an idempotency key.
    const runsOf = new Map<string, Set<string>>();
    for (const { key, run } of calls) runsOf.set(key, (runsOf.get(key) ?? new Set()).add(run));
    expect([...runsOf.values()].every((runs) => runs.size === 1)).toBe(true);
  });

  it("of 12 random workflows is one at which a fork goes on to its end, over a crash too, or is refused", async () => {
    let forks = 0;
    for (let seed = 0; seed < 12; seed++) {
      const chance = seededRandom(`fork ${seed}`);
      const world = new World();
      let daruma = await world.open([random], { cacheSize: chance() < 0.5 ? 0 : 1000 });
      const run = await daruma.start(random, { id: "r", input: `fork ${seed}` });
      for (let step = 0; step < 4; step++) {
        await world.advance(Math.floor(chance() * 3000));
        if (chance() < 0.5) await run.signal(tick, step).catch(() => {});
      }
      await world.until(run.result());
      const ids: string[] = [];
      for (let at = 1; at <= (await historyOf(daruma, "r")).length; at++) {
        const fork = await daruma
          .get("r")
          .fork({ id: `f${at}`, at })
          .catch(refusedPoint);
        if (fork === undefined) continue;
        ids.push(fork.id);
        if (chance() < 0.5) await world.advance(Math.floor(chance() * 3000));
        if (chance() < 0.2) daruma = await world.restart([random]);
      }
      for (const id of ids) expect(await world.until(daruma.get(id).result()), `${seed} ${id}`).toBeDefined();
      const problems = daruma.logs.filter(({ level }) => level === "error");
      expect([seed, problems]).toEqual([seed, []]);
      forks += ids.length;
    }
    expect(forks).toBeGreaterThan(80);
  });
});

function refusedPoint(error: unknown): undefined {
  if (error instanceof DarumaError && error.code === "DRM-FORK-POINT") return undefined;
  throw error;
}
