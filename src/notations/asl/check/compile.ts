/** Definitions that have been checked, parsed for use. */
import { isObject, valueOf } from "../json.ts";
import type { Machine } from "../model.ts";
import { StatesError } from "../states-error.ts";
import { readMachine } from "./read.ts";

/** Characters of all texts that are kept. */
const mostKept = 32 * 1024 * 1024;
const machines = new Map<string, Machine>();
let keptNow = 0;

/**
 * The machine of a definition that has been checked before. Texts that were seen last are kept.
 *
 * @throws StatesError States.Runtime if the text is no JSON
 */
export function compileMachine(text: string): Machine {
  const known = machines.get(text);
  const machine = known ?? parse(text);
  // Least recently used first: what is used goes to the end.
  machines.delete(text);
  machines.set(text, machine);
  if (known === undefined) keptNow += text.length;
  for (const oldest of machines.keys()) {
    if (keptNow <= mostKept || oldest === text) break;
    machines.delete(oldest);
    keptNow -= oldest.length;
  }
  return machine;
}

function parse(text: string): Machine {
  try {
    const value = valueOf(text);
    return (isObject(value) ? readMachine(value).machine : value) as unknown as Machine;
  } catch {
    throw new StatesError("States.Runtime", { cause: "The definition of the state machine is not JSON." });
  }
}
