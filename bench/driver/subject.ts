/*
 * What the benchmark measures (a subject) and what it reports (a measurement).
 * Daruma and every peer are subjects, so that one driver runs the same workloads on all of them.
 */

/** What tables and figures say about a subject. */
export interface About {
  /** How tables name it, with its version. */
  readonly name: string;
  /** How it is configured, in one or two sentences. */
  readonly note: string;
  /** What a durable operation crosses: nothing but memory, or a socket to a server process. */
  readonly transport: "in-process" | "socket";
  /** The durability settings, as read back from the storage that is running. */
  readonly durability: string;
}

/** An engine, opened and ready. Every method throws if the engine's answer is wrong or does not come. */
export interface Subject extends About {
  /** Starts a workflow of `activities` trivial activities, one after the other, and waits for its result. */
  sequential(activities: number): Promise<void>;
  /** Starts one workflow that calls `activities` trivial activities at once (`Promise.all`) and waits for its result. */
  fanOut(activities: number): Promise<void>;
  /** Ends it: connections, servers and files. */
  close(): Promise<void>;
}

/** The name of a workload. */
export type Workload = "oneActivity" | "tenActivities" | "sequence" | "latency4" | "fanOut";

/** One figure of one subject: a row of the JSON output. */
export interface Measurement<W extends string = Workload> {
  readonly subject: string;
  readonly workload: W;
  /** The median over `runs`; null when the workload was not measured, and then `note` says why. */
  readonly value: number | null;
  readonly unit: "runs/s" | "activities/s" | "tasks/s" | "items/s" | "ms per activity" | "ms";
  readonly better: "higher" | "lower";
  /** How many figures the median is taken over: windows, repetitions or single runs. */
  readonly runs: number;
  readonly min: number | null;
  readonly max: number | null;
  /** What differs from the workload as it is described, or why it was not measured; often empty. */
  readonly note: string;
  readonly transport: Subject["transport"];
  readonly durability: string;
  /** The subject's own note. */
  readonly configuration: string;
}

/** A benchmark that cannot go on: wrong answer of a subject, wrong setting, time limit. */
export class BenchError extends Error {
  override readonly name: string = "BenchError";
}

/** Throws unless the workflow's result is the one that all activities together must give. */
export function expectResult(subject: string, actual: unknown, expected: number): void {
  if (actual === expected) return;
  throw new BenchError(
    `${subject}: the workflow's result was ${JSON.stringify(actual)}, expected ${expected}`,
  );
}
