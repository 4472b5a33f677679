/** What is known about a run while it goes on: its activities and their states, built from the events of its history. */

/** A line that a research process writes to its standard output, as JSON. */
export type Message =
  | { kind: "event"; event: RunEvent }
  | { kind: "titles"; titles: string[] }
  | {
      kind: "result";
      outcome: { file: string; sha256: string; topics: number; failed: string[]; fingerprint: string };
    }
  | { kind: "error"; text: string };

/** The parts of a history event that the display needs. `ref` is the number of the activity within its run. */
export interface RunEvent {
  seq: number;
  type: string;
  ref?: number;
  name?: string;
  /** Why an attempt failed, in one line. */
  reason?: string;
}

export type StepState = "running" | "retrying" | "interrupted" | "done" | "failed";

/** One activity of the run. */
export interface Step {
  name: string;
  state: StepState;
  /** How many attempts have failed. */
  failures: number;
  /** For searches: the place among the searches, from 1. */
  position?: number;
  reason?: string;
}

/** The run as far as it is known. */
export interface Progress {
  steps: Map<number, Step>;
  titles: string[];
  lastSeq: number;
}

const STATES: Readonly<Record<string, StepState>> = {
  activity_scheduled: "running",
  activity_retrying: "retrying",
  activity_interrupted: "interrupted",
  activity_completed: "done",
  activity_failed: "failed",
};

/** A run of which nothing is known. */
export function emptyProgress(): Progress {
  return { steps: new Map(), titles: [], lastSeq: 0 };
}

/** Takes one event in. Returns the step that it changed, if any. An event that was seen before changes nothing. */
export function takeEvent(progress: Progress, event: RunEvent): Step | undefined {
  if (event.seq <= progress.lastSeq) return undefined;
  progress.lastSeq = event.seq;
  const state = STATES[event.type];
  if (state === undefined || event.ref === undefined) return undefined;
  const step = progress.steps.get(event.ref) ?? newStep(progress, event);
  step.state = state;
  if (state === "retrying" || state === "failed") step.failures++;
  if (event.reason !== undefined) step.reason = event.reason;
  progress.steps.set(event.ref, step);
  return step;
}

/** Searches are scheduled in the order of their topics, so that the n-th one belongs to the n-th topic. */
function newStep(progress: Progress, event: RunEvent): Step {
  const step: Step = { name: event.name ?? "activity", state: "running", failures: 0 };
  if (step.name === "search") step.position = searches(progress).length + 1;
  return step;
}

/** The searches that were scheduled so far, in the order of their topics. */
export function searches(progress: Progress): Step[] {
  return [...progress.steps.values()].filter((step) => step.name === "search");
}

/** The ids of the topics whose searches have finished, "t01" for the first topic. */
export function finishedTopics(progress: Progress): string[] {
  const finished = searches(progress).filter((step) => step.state === "done");
  return finished.map((step) => `t${String(step.position).padStart(2, "0")}`);
}
