/** Functions about lists. Numbers lose their fraction here; they are not rounded. */
import type { Json } from "../json.ts";
import { define } from "./define.ts";
import { uniqueItems } from "./hash-set.ts";
import { javaText } from "./java-text.ts";
import type { Intrinsic } from "./problem.ts";

/** Items that ArrayRange may give. */
const maxRange = 1000;

export const arrayFunctions: { readonly [name: string]: Intrinsic } = {
  "States.Array": { least: 0, most: Infinity, run: (given) => given },

  "States.ArrayPartition": define("States.ArrayPartition", 2, (given) => {
    const list = given.list(0);
    const size = given.whole(1);
    if (size < 1) return given.refuse();
    const parts: Json[] = [];
    for (let at = 0; at < list.length; at += size) parts.push(list.slice(at, at + size));
    return parts;
  }),

  // AWS compares the texts of the values: the number 1 is in ["1"].
  "States.ArrayContains": define("States.ArrayContains", 2, (given) => {
    const list = given.list(0);
    const text = javaText(given.value(1));
    return list.some((one) => javaText(one) === text);
  }),

  "States.ArrayRange": define("States.ArrayRange", 3, (given) => {
    const [from, to, step] = [given.whole(0), given.whole(1), given.whole(2)];
    const count = Math.floor((to - from) / step) + 1;
    if (step === 0 || count > maxRange) return given.refuse();
    return Array.from({ length: Math.max(count, 0) }, (_, at) => from + at * step);
  }),

  // Of an empty list any item is null.
  "States.ArrayGetItem": define("States.ArrayGetItem", 2, (given) => {
    const list = given.list(0);
    const index = given.whole(1);
    if (list.length === 0 && index >= 0) return null;
    return index < 0 ? given.refuse() : (list[index] ?? (index < list.length ? null : given.refuse()));
  }),

  "States.ArrayLength": define("States.ArrayLength", 1, (given) => given.list(0).length),

  "States.ArrayUnique": define("States.ArrayUnique", 1, (given) => uniqueItems(given.list(0))),
};
