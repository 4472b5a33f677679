import type { Json } from "../json.ts";
import { Arguments } from "./problem.ts";
import type { Intrinsic, IntrinsicPorts } from "./problem.ts";

/** A function that gets its arguments with their getters. `count` is how many it takes: a number, or the least and the most. */
export function define(
  name: string,
  count: number | readonly [least: number, most: number],
  run: (given: Arguments, ports: IntrinsicPorts) => Json,
): Intrinsic {
  const [least, most] = typeof count === "number" ? [count, count] : count;
  return { least, most, run: (given, ports) => run(new Arguments(name, given), ports) };
}
