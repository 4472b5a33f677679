/**
 * Run rows: what can be known of a run without reading its history, and who holds it.
 *
 * A run is held by a session; each change of holder raises the run's epoch, which fences the former holder off (L1).
 * A run can be claimed by a session if it already holds it, if nobody does, or if the holder's lease is over by the store's own clock.
 */
import type { RunStatus } from "../core/status.ts";

/** One run's row. Times in epoch milliseconds. */
export interface RunRow {
  readonly key: number;
  readonly id: string;
  readonly generation: number;
  readonly workflow: string;
  readonly status: RunStatus;
  readonly paused: boolean;
  /** JSON text of the reason; see {@link RunState.parked}. */
  readonly parked?: string | undefined;
  readonly createdAt: number;
  readonly closedAt?: number | undefined;
  readonly wakeAt?: number | undefined;
  /** The number of the last event. */
  readonly head: number;
  readonly epoch: number;
  /** The session that holds it. */
  readonly owner?: string | undefined;
  readonly operation: string;
  readonly parentKey?: number | undefined;
}

/** Which runs to list. All given conditions must hold. Newest first. */
export interface RunFilter {
  readonly workflow?: string | undefined;
  readonly status?: RunStatus | undefined;
  /** True: only parked runs; false: only runs that are not. */
  readonly parked?: boolean | undefined;
  readonly paused?: boolean | undefined;
  readonly idPrefix?: string | undefined;
  readonly parentKey?: number | undefined;
  /** Only keys below this one: the last key of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Which runs want a holder now. */
export interface DueQuery {
  readonly session: string;
  /** Only runs of these workflows. */
  readonly workflows: readonly string[];
  /** Runs whose `wakeAt` is at or before this time. */
  readonly now: number;
  /** Runs with a message numbered above this one are due too, whatever their workflow, paused and parked ones included. */
  readonly afterMessage: number;
  /** Include parked runs (once, when new code may have come). */
  readonly parked: boolean;
  readonly limit: number;
}

/** The answer to a {@link DueQuery}: runs with messages first, as those arrived, then by `wakeAt`, earliest first; at most `limit`, each run once. */
export interface DueRuns {
  readonly keys: readonly number[];
  /**
   * The highest message number that was looked at; pass it as `afterMessage` next time. Messages for runs that others hold are passed over, so a query from 0
   * has to come now and then in case their holder dies.
   */
  readonly lastMessage: number;
}

/** Run rows. */
export interface Runs {
  /** The latest generation of an id. */
  byId(id: string): Promise<RunRow | undefined>;
  byKey(key: number): Promise<RunRow | undefined>;
  list(filter: RunFilter): Promise<readonly RunRow[]>;
  /** A block of `count` keys that nobody else will get; returns the first. Keys ascend. */
  reserveKeys(count: number): Promise<number>;
  /** Open runs, neither paused nor parked (see the query), that `session` may claim and that are due. */
  due(query: DueQuery): Promise<DueRuns>;
  /** The earliest `wakeAt` above `after` of open runs that are neither paused nor parked; absent if there is none. */
  nextWake(after: number): Promise<number | undefined>;
  /** Makes `session` the holder of those of the runs that it may claim, and returns their rows. A run that it already holds keeps its epoch. */
  claim(session: string, keys: readonly number[]): Promise<readonly RunRow[]>;
  /** Deletes up to `limit` closed runs that closed before `closedBefore`, with all that they hold; returns how many. */
  removeClosed(closedBefore: number, limit: number): Promise<number>;
}
