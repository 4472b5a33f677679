/*
 * State machines on Daruma and on other interpreters of the Amazon States Language, by one driver.
 * A subject is given definitions; what it answers is checked. Its tasks call the function `Identity`, which gives back what it gets.
 */
import { measureWith, type MeasureOptions, type Recipe, type Recipes } from "../driver/measure.ts";
import { BenchError, type About, type Measurement } from "../driver/subject.ts";
import { elapsed, repeat } from "../driver/timing.ts";
import { throughputOf, type Conditions, type Figures } from "../driver/workloads.ts";
import { mapOfPasses, mapOfTasks, oneTask, passes, type Definition } from "./machines.ts";

/** Runs the machine once, from start to output. */
export type Execute = (input: unknown) => Promise<unknown>;

/** An interpreter, opened and ready. */
export interface MachineSubject extends About {
  /** Makes a machine known. Throws a BenchError if it cannot run there. */
  deploy(name: string, definition: Definition): Promise<Execute>;
  close(): Promise<void>;
}

/** The workloads. */
export type MachineWorkload = "tenPasses" | "oneTask" | "mapOfTasks" | "mapOfPasses";

const ITEMS = 1_000;
const WARM_UP_MS = 2_000;
const WARM_UPS = 3;

/** Runs with `inFlight` always in flight. */
function inFlight(name: string, definition: Definition): Recipe<MachineSubject> {
  const run = async (subject: MachineSubject, conditions: Conditions): Promise<Figures> => {
    const execute = await subject.deploy(name, definition);
    const input = { value: 1 };
    return throughputOf(async () => expectOutput(subject, await execute(input), input), conditions);
  };
  return { unit: "runs/s", better: "higher", scale: 1, run };
}

/** A Map, one run at a time. */
function map(name: string, definition: Definition, unit: "tasks/s" | "items/s"): Recipe<MachineSubject> {
  const run = async (subject: MachineSubject, { effort, now }: Conditions): Promise<Figures> => {
    const execute = await subject.deploy(name, definition);
    const input = Array.from({ length: ITEMS }, (_, i) => ({ i }));
    const work = async (): Promise<void> => expectOutput(subject, await execute(input), input);
    const once = async (): Promise<number> => 1_000 / (await elapsed(now, work));
    await repeat(now, { times: WARM_UPS, least: 1, limitMs: WARM_UP_MS, once });
    const limits = { least: 1, limitMs: effort.sequenceMs };
    return { figures: await repeat(now, { times: effort.repetitions, ...limits, once }), note: "" };
  };
  return { unit, better: "higher", scale: ITEMS, run };
}

const recipes: Recipes<MachineWorkload, MachineSubject> = {
  tenPasses: inFlight("tenPasses", passes(10)),
  oneTask: inFlight("oneTask", oneTask),
  mapOfTasks: map("mapOfTasks", mapOfTasks, "tasks/s"),
  mapOfPasses: map("mapOfPasses", mapOfPasses, "items/s"),
};

/** Measures `subject`, which stays open. */
export function measureMachines(
  subject: MachineSubject,
  options: MeasureOptions<MachineWorkload>,
): Promise<Measurement<MachineWorkload>[]> {
  return measureWith(subject, recipes, options);
}

/** Every machine here gives back its input. */
function expectOutput({ name }: About, actual: unknown, expected: object): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw new BenchError(`${name}: the output was ${JSON.stringify(actual)?.slice(0, 200)}`);
}
