/** Functions about numbers and chance. */
import { JavaRandom } from "../jsonata/random.ts";
import { define } from "./define.ts";
import type { Intrinsic } from "./problem.ts";

const smallest = -(2 ** 31);
const largest = 2 ** 31 - 1;

export const numberFunctions: { readonly [name: string]: Intrinsic } = {
  // The end is exclusive. With a seed it is what java.util.Random gives first.
  "States.MathRandom": define("States.MathRandom", [2, 3], (given, ports) => {
    const [from, to] = [given.whole(0), given.whole(1)];
    if (from >= to) return given.refuse();
    const range = to - from;
    if (!given.has(2)) return from + Math.floor(ports.random() * range);
    return from + below(range, new JavaRandom(BigInt(given.whole(2))));
  }),

  // Halves are rounded up.
  "States.MathAdd": define("States.MathAdd", 2, (given) => {
    const [left, right] = [Math.round(given.number(0)), Math.round(given.number(1))];
    const numbers = [left, right, left + right];
    if (numbers.some((one) => one < smallest || one > largest)) return given.refuse();
    return left + right + 0;
  }),

  "States.UUID": { least: 0, most: 0, run: (_, ports) => ports.uuid() },
};

/** `nextInt(bound)`, as the documentation of java.util.Random specifies it. */
function below(bound: number, random: JavaRandom): number {
  if (bound > largest) return Math.floor(random.double() * bound);
  if ((bound & (bound - 1)) === 0) return Math.floor((bound * random.bits(31)) / 2 ** 31);
  for (;;) {
    const bits = random.bits(31);
    const value = bits % bound;
    // Numbers of an incomplete last round are not taken, since they would make small values likelier.
    if (bits - value + (bound - 1) <= largest) return value;
  }
}
