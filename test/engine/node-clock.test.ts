// The real clock: one timer of Node reaches 2^31 - 1 ms, and beyond that it would ring at once (T1).
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Clock } from "../../src/core/ports.ts";

const day = 86_400_000;
let clock: Clock;

beforeAll(async () => {
  // Before the first import: the engine takes the timers of the process once, when it is loaded.
  vi.useFakeTimers({ now: 0, toFake: ["Date", "setTimeout", "clearTimeout"] });
  ({ clock } = (await import("../../src/embedded/node-ports.ts")).nodePorts);
});

afterAll(() => void vi.useRealTimers());

describe("the clock of Node", () => {
  it.each([1, 24, 25, 100, 36_525])("rings after %d days, once, and not a millisecond early", (days) => {
    const rung: number[] = [];
    const at = clock.now() + days * day;
    clock.alarm(at, () => rung.push(clock.now()));
    vi.advanceTimersByTime(days * day - 1);
    expect(rung).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(rung).toEqual([at]);
    vi.advanceTimersByTime(50 * day);
    expect(rung).toEqual([at]);
  });

  it("rings soon, but not within the call, for a time that has passed", () => {
    let rung = 0;
    clock.alarm(clock.now() - day, () => rung++);
    expect(rung).toBe(0);
    vi.advanceTimersByTime(1);
    expect(rung).toBe(1);
  });

  it("does not ring after a cancel, however far away", () => {
    let rung = 0;
    const alarm = clock.alarm(clock.now() + 60 * day, () => rung++);
    vi.advanceTimersByTime(30 * day);
    alarm.cancel();
    vi.advanceTimersByTime(90 * day);
    expect([rung, vi.getTimerCount()]).toEqual([0, 0]);
  });
});
