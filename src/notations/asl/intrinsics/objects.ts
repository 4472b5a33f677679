/** Functions between values and their JSON. */
import { isTooDeep, textOf, valueOf } from "../json.ts";
import type { Json } from "../json.ts";
import { define } from "./define.ts";
import type { Intrinsic } from "./problem.ts";

export const objectFunctions: { readonly [name: string]: Intrinsic } = {
  // AWS takes a blank text for null.
  "States.StringToJson": define("States.StringToJson", 1, (given) => {
    const text = given.text(0);
    if (text.trim() === "") return null;
    try {
      const value = valueOf(text);
      return isTooDeep(value) ? given.refuse() : withoutMinusZero(value);
    } catch {
      return given.refuse();
    }
  }),

  "States.JsonToString": define("States.JsonToString", 1, (given) => textOf(given.value(0))),

  // Only `true` asks for the deep merge, which AWS does not have.
  "States.JsonMerge": define("States.JsonMerge", 3, (given) => {
    if (given.value(2) === true) return given.refuse();
    return { ...given.object(0), ...given.object(1) };
  }),
};

function withoutMinusZero(value: Json): Json {
  return Object.is(value, -0) ? 0 : value;
}
