/**
 * Where an execution stands, for a redrive: of each level the state it is in with that state's input and variables, and the results of what is done inside.
 *
 * Invariant: a position is plain JSON, and a machine that is started at a position does nothing again that the position says is done.
 */
import type { Json } from "../json.ts";
import type { Variables } from "./frame.ts";

/** A level's position. Absent fields: not begun. */
export interface Position {
  state?: string;
  input?: Json;
  variables?: Variables;
  /** What is done: the output of the level. */
  output?: Json;
  done?: boolean;
  /** Branches of the Parallel state or iterations of the Map state that it is in, by index. */
  inner?: Record<number, Position>;
  /** Of a Distributed Map state that it is in: the map run, with which a redrive goes on. */
  mapRun?: MapRunPosition;
}

/**
 * A map run. There may be very many children, so they are no part of a position: whoever goes on asks the run for them, page by page (`childrenQuery`),
 * and has their counts here.
 */
export interface MapRunPosition {
  readonly arn: string;
  readonly stateMachineArn: string;
  readonly startDate: number;
  /** How often it was redriven. */
  readonly redrives: number;
  readonly counts?: { readonly items: Carried; readonly executions: Carried };
}

/** How often a map run can be redriven: AWS's quota ("Step Functions service quotas"). */
export const mostRedrives = 1000;

/** How many had begun, by how they ended. What was under way is aborted. */
export interface Carried {
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
  readonly resultsWritten: number;
}

/** The position as it is told to others, with the counts of its map runs. */
export function told(
  { inner, mapRun, ...level }: Position,
  countsOf: (mapRunArn: string) => MapRunPosition["counts"],
): Position {
  const shown = structuredClone(level) as Position;
  // A map run that has not been entered again has the counts that came with it.
  if (mapRun !== undefined) shown.mapRun = withCounts(mapRun, countsOf(mapRun.arn) ?? mapRun.counts);
  if (inner === undefined) return shown;
  const levels = Object.entries(inner).map(([index, one]) => [index, told(one, countsOf)] as const);
  return { ...shown, inner: Object.fromEntries(levels) };
}

function withCounts(mapRun: MapRunPosition, counts: MapRunPosition["counts"]): MapRunPosition {
  return counts === undefined ? mapRun : { ...mapRun, counts };
}

/** The position of a level inside; made if there is none. */
export function within(position: Position, index: number): Position {
  position.inner ??= {};
  return (position.inner[index] ??= {});
}

/** The state has been left: what was inside of it is over. */
export function moveOn(position: Position): void {
  delete position.inner;
  delete position.mapRun;
}
