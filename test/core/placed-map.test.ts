import fc from "fast-check";
import { expect, test } from "vitest";
import { PlacedMap } from "../../src/core/placed-map.ts";

const key = fc.integer({ min: 0, max: 5 });
const step = fc.oneof(
  fc.record({ call: fc.constant("set" as const), key, value: fc.string() }),
  fc.record({ call: fc.constant("delete" as const), key }),
  fc.record({ call: fc.constant("clear" as const) }),
);

test("it does what a Map does, order included", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const map = new Map<number, string>();
      const placed = new PlacedMap<number, string>();
      for (const one of steps) {
        if (one.call === "set") {
          map.set(one.key, one.value);
          placed.set(one.key, one.value);
        } else if (one.call === "clear") {
          map.clear();
          placed.clear();
        }
        const taken = one.call === "delete" ? [map.delete(one.key), placed.delete(one.key)] : [true, true];
        expect(taken[1]).toBe(taken[0]);
        expect([...placed]).toEqual([...map]);
        expect([...placed.keys()]).toEqual([...map.keys()]);
        expect([...placed.values()]).toEqual([...map.values()]);
        expect(placed.size).toBe(map.size);
        for (let at = 0; at <= 5; at++)
          expect([placed.has(at), placed.get(at)]).toEqual([map.has(at), map.get(at)]);
      }
    }),
  );
});
