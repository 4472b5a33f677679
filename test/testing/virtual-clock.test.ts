// The clock that only a test moves.
import { describe, expect, it } from "vitest";
import { VirtualClock } from "daruma/testing";

/** A clock and what it has rung, as `name@time`. */
function rig(start = 0): {
  clock: VirtualClock;
  rung: string[];
  set: (name: string, at: number) => () => void;
} {
  const clock = new VirtualClock(start);
  const rung: string[] = [];
  const set = (name: string, at: number): (() => void) => {
    const alarm = clock.alarm(at, () => rung.push(`${name}@${clock.now()}`));
    return () => alarm.cancel();
  };
  return { clock, rung, set };
}

describe("a virtual clock", () => {
  it("begins where it is told, and stands still", () => {
    expect(new VirtualClock(17).now()).toBe(17);
    expect(new Date(new VirtualClock().now()).toISOString()).toBe("2026-01-01T00:00:00.000Z");
  });

  it("rings by time, and at one time by the order of creation", () => {
    const { clock, rung, set } = rig();
    for (const [name, at] of [
      ["c", 20],
      ["a", 10],
      ["d", 20],
      ["b", 10],
    ] as const)
      set(name, at);
    clock.advanceTo(30);
    expect(rung).toEqual(["a@10", "b@10", "c@20", "d@20"]);
    expect(clock.now()).toBe(30);
  });

  it("rings nothing early, and nothing twice", () => {
    const { clock, rung, set } = rig();
    set("a", 2 ** 40);
    clock.advanceTo(2 ** 40 - 1);
    expect(rung).toEqual([]);
    clock.advanceTo(2 ** 40);
    clock.advanceTo(2 ** 41);
    expect(rung).toEqual([`a@${2 ** 40}`]);
  });

  it("rings what a ring sets, if it is due on the way", () => {
    const { clock, rung, set } = rig();
    clock.alarm(10, () => {
      set("late", 5);
      set("soon", 15);
      set("far", 25);
    });
    clock.advanceTo(20);
    expect(rung).toEqual(["late@10", "soon@15"]);
    expect(clock.next()).toBe(25);
  });

  it("rings one alarm at a time for whoever wants that", () => {
    const { clock, rung, set } = rig(100);
    set("past", 50);
    set("next", 200);
    expect([clock.next(), clock.pending]).toEqual([50, 2]);
    expect([clock.ringNext(), clock.now()]).toEqual([true, 100]);
    expect([clock.ringNext(), clock.now()]).toEqual([true, 200]);
    expect([clock.ringNext(), clock.next(), clock.pending]).toEqual([false, undefined, 0]);
    expect(rung).toEqual(["past@100", "next@200"]);
  });

  it("forgets what is canceled, also many times over", () => {
    const { clock, rung, set } = rig();
    for (let round = 0; round < 1000; round++) set("x", 10 + round)();
    const cancel = set("y", 5);
    set("z", 6);
    cancel();
    cancel();
    expect(clock.pending).toBe(1);
    clock.advanceTo(2000);
    expect(rung).toEqual(["z@6"]);
  });

  it("refuses to go back, or nowhere", () => {
    const clock = new VirtualClock(10);
    for (const time of [9, Number.NaN])
      expect(() => clock.advanceTo(time)).toThrow(expect.objectContaining({ code: "DRM-INVALID-OPTION" }));
  });
});
