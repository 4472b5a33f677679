/** What the parts of one engine share. Built once by `createEngine`; the parts are wired to each other through it. */
import type { Event } from "../core/events.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";
import type { Activities } from "./activities.ts";
import type { Alarms } from "./alarms.ts";
import type { Attendance } from "./attendance.ts";
import type { Due } from "./due.ts";
import type { Watch } from "./watch.ts";
import type { Keys } from "./keys.ts";
import type { LiveRun } from "./live-run.ts";
import type { Loop } from "./loop.ts";
import type { Memory } from "./memory.ts";
import type { EngineOptions } from "./options.ts";
import type { StuckRuns } from "./stuck-runs.ts";
import type { UpdateAnswers } from "./update-answers.ts";

/** Told when a run closes, or can no longer go on with the code at hand. */
export interface Closing {
  readonly closed: (event: Event) => void;
  readonly parked: (error: Error) => void;
}

/** Numbers that tests and metrics read. */
export interface Counters {
  /** Outcomes that came after their command was closed (D4). */
  late: number;
  fenced: number;
  commits: number;
  violations: number;
  /** Closed runs whose replay is being compared now. */
  checking: number;
}

export interface EngineState {
  readonly options: EngineOptions;
  readonly workflows: Map<string, AnyWorkflow>;
  readonly memory: Memory;
  readonly keys: Keys;
  readonly loop: Loop;
  readonly alarms: Alarms;
  readonly activities: Activities;
  readonly attendance: Attendance;
  readonly due: Due;
  readonly watch: Watch;
  readonly stuckRuns: StuckRuns;
  /** Who waits for which run to close that is not in memory, by key. */
  readonly closings: Map<number, Closing[]>;
  readonly answers: UpdateAnswers;
  /** Who follows the history of which run, by key: told after each commit. */
  readonly followers: Map<number, Set<() => void>>;
  readonly counters: Counters;
  session: string;
  closed: boolean;
  /** Looks at a run: brings it into memory if it has something to do. */
  attend: (key: number) => void;
  /** A run has gone to another holder. */
  lose: (run: LiveRun) => void;
  unlisten: () => void;
}
