import { describe, expect, it } from "vitest";
import { seededBytes, seededRandom, seededUuid } from "../../src/core/random.ts";

function take(seed: string, count: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random());
}

describe("seeded randomness", () => {
  // Histories depend on these numbers: they may never change.
  it("is pinned for ever", () => {
    expect(take("daruma", 3)).toEqual([0.9225959309391468, 0.7898002982493583, 0.9688903655094334]);
    expect(take("", 1)).toEqual([0.06349783740111536]);
    expect(seededUuid(seededRandom("daruma"))).toBe("eccaf8cc-4af7-4c01-9c66-0ec12c5dc6f2");
    expect([...seededBytes(seededRandom("daruma"), new Uint8Array(4))]).toEqual([236, 202, 248, 204]);
  });

  it("is the same row for the same seed, and another for another", () => {
    expect(take("run-1", 100)).toEqual(take("run-1", 100));
    const firsts = new Set(Array.from({ length: 10_000 }, (_, index) => take(`run-${index}`, 1)[0]));
    expect(firsts.size).toBe(10_000);
    expect(take("ab", 1)).not.toEqual(take("ba", 1));
  });

  it("is between 0 and 1, even, and without a pattern from number to number", () => {
    const numbers = take("even", 100_000);
    expect(numbers.every((each) => each >= 0 && each < 1)).toBe(true);
    const buckets = Array.from({ length: 100 }, () => 0);
    for (const each of numbers) buckets[Math.floor(each * 100)]!++;
    // Chi-squared with 99 degrees of freedom: beyond 150 is less likely than 1 in 1,000.
    expect(buckets.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0)).toBeLessThan(150);
    const products = numbers.slice(1).map((each, index) => (each - 0.5) * ((numbers[index] ?? 0) - 0.5));
    expect(Math.abs(products.reduce((sum, each) => sum + each, 0) / products.length)).toBeLessThan(0.002);
  });

  it("has even first numbers for seeds that follow each other", () => {
    const firsts = Array.from({ length: 10_000 }, (_, index) => take(`00000000-${index}`, 1)[0] ?? 0);
    const mean = firsts.reduce((sum, each) => sum + each, 0) / firsts.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  });

  it("makes UUIDs of version 4 that do not repeat", () => {
    const random = seededRandom("uuids");
    const uuids = Array.from({ length: 1_000 }, () => seededUuid(random));
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u;
    expect(uuids.filter((uuid) => !form.test(uuid))).toEqual([]);
    expect(new Set(uuids).size).toBe(1_000);
  });

  it("fills the array that it is given, any byte", () => {
    const bytes = new Uint8Array(10_000);
    expect(seededBytes(seededRandom("bytes"), bytes)).toBe(bytes);
    expect(new Set(bytes).size).toBe(256);
  });
});
