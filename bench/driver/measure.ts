/*
 * Runs the workloads on one subject, one after the other, and reports a measurement for each.
 *
 * A workload that fails is reported with its reason; the rest go on. After one that did not end in time nothing more is
 * measured, because what it left running would slow the others down and they would be blamed for it.
 */
import { fullEffort, type Effort } from "./effort.ts";
import { summarize } from "./figures.ts";
import type { About, Measurement, Subject, Workload } from "./subject.ts";
import { within, type Now } from "./timing.ts";
import { fanOut, latency, sequence, throughput, type Conditions, type Figures } from "./workloads.ts";

/** What may be chosen about a measurement. */
export interface MeasureOptions<W extends string = Workload> {
  readonly effort?: Effort;
  /** Which workloads; all when not given. */
  readonly only?: readonly W[];
  readonly now?: Now;
  /** Told of each measurement as soon as it is there. */
  readonly onMeasurement?: (measurement: Measurement<W>) => void;
}

/** How a workload is measured on a subject. */
export interface Recipe<S> {
  readonly unit: Measurement["unit"];
  readonly better: Measurement["better"];
  /** By how much the workload's raw figures are multiplied to be in `unit`. */
  readonly scale: number;
  readonly run: (subject: S, conditions: Conditions) => Promise<Figures>;
}

/** The workloads of a kind of subject, in the order in which they run. */
export type Recipes<W extends string, S> = Readonly<Record<W, Recipe<S>>>;

const TEN = 10;

const recipes: Recipes<Workload, Subject> = {
  oneActivity: { unit: "runs/s", better: "higher", scale: 1, run: (s, c) => throughput(s, 1, c) },
  tenActivities: { unit: "activities/s", better: "higher", scale: TEN, run: (s, c) => throughput(s, TEN, c) },
  sequence: { unit: "ms per activity", better: "lower", scale: 1, run: sequence },
  latency4: { unit: "ms", better: "lower", scale: 1, run: latency },
  fanOut: { unit: "activities/s", better: "higher", scale: 1, run: fanOut },
};

/** Measures `subject`, which stays open: whoever opened it closes it. Failures of workloads are measurements too. */
export function measure(subject: Subject, options: MeasureOptions = {}): Promise<Measurement[]> {
  return measureWith(subject, recipes, options);
}

/** As `measure`, for subjects and workloads of any kind. */
export async function measureWith<W extends string, S extends About>(
  subject: S,
  by: Recipes<W, S>,
  options: MeasureOptions<W>,
): Promise<Measurement<W>[]> {
  const all = Object.keys(by) as W[];
  const { effort = fullEffort, only = all, now = () => performance.now(), onMeasurement } = options;
  const measurements: Measurement<W>[] = [];
  let running: W | undefined;
  for (const workload of all.filter((each) => only.includes(each))) {
    const one: One<W, S> = { subject, workload, recipe: by[workload] };
    const { measurement, ended } = running
      ? { measurement: missing(one, `${running} was still running`), ended: true }
      : await measureOne(one, { effort, now });
    if (!ended) running = workload;
    measurements.push(measurement);
    onMeasurement?.(measurement);
  }
  return measurements;
}

interface One<W extends string, S> {
  readonly subject: S;
  readonly workload: W;
  readonly recipe: Recipe<S>;
}

async function measureOne<W extends string, S extends About>(
  one: One<W, S>,
  conditions: Conditions,
): Promise<{ measurement: Measurement<W>; ended: boolean }> {
  const { subject, workload, recipe } = one;
  const { unit, better, scale, run } = recipe;
  const work = run(subject, conditions);
  let ended = false;
  const noteEnd = (): void => void (ended = true);
  work.then(noteEnd, noteEnd);
  try {
    const { figures, note } = await within(conditions.effort.workloadMs, work);
    const summary = summarize(figures.map((figure) => figure * scale));
    return {
      measurement: { subject: subject.name, workload, ...summary, unit, better, note, ...about(subject) },
      ended: true,
    };
  } catch (error) {
    return { measurement: missing(one, error instanceof Error ? error.message : String(error)), ended };
  }
}

function missing<W extends string, S extends About>(
  { subject, workload, recipe: { unit, better } }: One<W, S>,
  reason: string,
): Measurement<W> {
  const note = `not measured: ${reason}`;
  return {
    subject: subject.name,
    workload,
    value: null,
    runs: 0,
    min: null,
    max: null,
    unit,
    better,
    note,
    ...about(subject),
  };
}

function about(subject: About): Pick<Measurement, "transport" | "durability" | "configuration"> {
  return { transport: subject.transport, durability: subject.durability, configuration: subject.note };
}
