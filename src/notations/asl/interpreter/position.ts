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
  /** Of a Distributed Map state that it is in: the map run, with which a redrive goes on. Its children are in `inner`. */
  mapRun?: MapRunPosition;
  /** Set where the level is a child execution of a map run. */
  child?: ChildPosition;
}

export interface MapRunPosition {
  readonly arn: string;
  readonly stateMachineArn: string;
  readonly startDate: number;
  /** How often it was redriven. */
  readonly redrives: number;
}

export interface ChildPosition {
  readonly arn: string;
  readonly name: string;
  readonly startDate: number;
  readonly stopDate?: number | undefined;
  /** Where it ended unsuccessfully; put in by whoever redrives the execution. `number`: which redrive of the child comes next. */
  readonly resume?: { readonly position: Json; readonly events: number; readonly number: number };
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
