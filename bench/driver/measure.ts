/*
 * Runs the workloads on one subject, one after the other, and reports a measurement for each.
 *
 * A workload that fails is reported with its reason; the rest go on. After one that did not end in time nothing more is
 * measured, because what it left running would slow the others down and they would be blamed for it.
 */
import { fullEffort, type Effort } from "./effort.ts";
import { summarize } from "./figures.ts";
import { workloads, type Measurement, type Subject, type Workload } from "./subject.ts";
import { within, type Now } from "./timing.ts";
import { fanOut, latency, sequence, throughput, type Conditions, type Figures } from "./workloads.ts";

/** What may be chosen about a measurement. */
export interface MeasureOptions {
  readonly effort?: Effort;
  /** Which workloads; all when not given. */
  readonly only?: readonly Workload[];
  readonly now?: Now;
  /** Told of each measurement as soon as it is there. */
  readonly onMeasurement?: (measurement: Measurement) => void;
}

interface Recipe {
  readonly unit: Measurement["unit"];
  readonly better: Measurement["better"];
  /** By how much the workload's raw figures are multiplied to be in `unit`. */
  readonly scale: number;
  readonly run: (subject: Subject, conditions: Conditions) => Promise<Figures>;
}

const TEN = 10;

const recipes: Record<Workload, Recipe> = {
  oneActivity: { unit: "runs/s", better: "higher", scale: 1, run: (s, c) => throughput(s, 1, c) },
  tenActivities: { unit: "activities/s", better: "higher", scale: TEN, run: (s, c) => throughput(s, TEN, c) },
  sequence: { unit: "ms per activity", better: "lower", scale: 1, run: sequence },
  latency4: { unit: "ms", better: "lower", scale: 1, run: latency },
  fanOut: { unit: "activities/s", better: "higher", scale: 1, run: fanOut },
};

/** Measures `subject`, which stays open: whoever opened it closes it. Failures of workloads are measurements too. */
export async function measure(subject: Subject, options: MeasureOptions = {}): Promise<Measurement[]> {
  const { effort = fullEffort, only = workloads, now = () => performance.now(), onMeasurement } = options;
  const measurements: Measurement[] = [];
  let running: Workload | undefined;
  for (const workload of workloads.filter((each) => only.includes(each))) {
    const { measurement, ended } = running
      ? { measurement: missing(subject, workload, `${running} was still running`), ended: true }
      : await measureOne(subject, workload, { effort, now });
    if (!ended) running = workload;
    measurements.push(measurement);
    onMeasurement?.(measurement);
  }
  return measurements;
}

async function measureOne(
  subject: Subject,
  workload: Workload,
  conditions: Conditions,
): Promise<{ measurement: Measurement; ended: boolean }> {
  const { unit, better, scale, run } = recipes[workload];
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
    return {
      measurement: missing(subject, workload, error instanceof Error ? error.message : String(error)),
      ended,
    };
  }
}

function missing(subject: Subject, workload: Workload, reason: string): Measurement {
  const { unit, better } = recipes[workload];
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

function about(subject: Subject): Pick<Measurement, "transport" | "durability" | "configuration"> {
  return { transport: subject.transport, durability: subject.durability, configuration: subject.note };
}
