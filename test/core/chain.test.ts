import { expect, test } from "vitest";
import { Chain } from "../../src/core/chain.ts";

test("items come back in the order in which they were added, without those that were taken out", () => {
  const chain = new Chain<string>();
  const [a, , c, , e] = ["a", "b", "c", "d", "e"].map((item) => chain.add(item));
  for (const link of [a, c, e]) if (link !== undefined) chain.remove(link);
  expect(chain.items()).toEqual(["b", "d"]);
  chain.add("f");
  expect(chain.items()).toEqual(["b", "d", "f"]);
});

test("taking out a second time does nothing, whatever has come since", () => {
  const chain = new Chain<string>();
  const a = chain.add("a");
  chain.remove(a);
  expect(chain.empty).toBe(true);
  chain.add("b");
  chain.remove(a);
  expect(chain.items()).toEqual(["b"]);
});

test("a link that was taken out holds nothing", () => {
  const chain = new Chain<object>();
  const [, link] = [chain.add({}), chain.add({}), chain.add({})];
  chain.remove(link);
  expect([link.item, link.before, link.after]).toEqual([undefined, undefined, undefined]);
});

test("shift takes out what came first, until nothing is left", () => {
  const chain = new Chain<number>();
  chain.add(1);
  chain.add(2);
  expect([chain.shift(), chain.shift(), chain.shift()]).toEqual([1, 2, undefined]);
  expect(chain.empty).toBe(true);
  chain.add(3);
  expect(chain.items()).toEqual([3]);
});
