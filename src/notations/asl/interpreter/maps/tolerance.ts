/** How many failed items a Distributed Map puts up with. */
import type { Json } from "../../json.ts";
import type { MapState } from "../../model.ts";
import { StatesError } from "../../states-error.ts";
import type { StateRun } from "../state-run.ts";
import { notA, numberField, wholeNumber } from "./inputs.ts";

export interface Tolerance {
  readonly count: number;
  /** 0 to 100. */
  readonly percentage: number;
}

/** @throws StatesError when a value cannot be */
export async function checkTolerance(run: StateRun<MapState>, input: Json): Promise<Tolerance> {
  const count = await countOf(run, input);
  const percentage = await percentageOf(run, input);
  if (count < 0) throw wrong("ToleratedFailureCount cannot be negative.");
  if (percentage < 0 || percentage > 100)
    throw wrong("ToleratedFailurePercentage must be between 0 and 100.");
  const { state } = run;
  if (state.ToleratedFailureCount !== undefined || state.ToleratedFailureCountPath !== undefined)
    run.inspect("toleratedFailureCount", count);
  if (state.ToleratedFailurePercentage !== undefined || state.ToleratedFailurePercentagePath !== undefined)
    run.inspect("toleratedFailurePercentage", percentage);
  return { count, percentage };
}

async function countOf(run: StateRun<MapState>, input: Json): Promise<number> {
  const { ToleratedFailureCount, ToleratedFailureCountPath: path } = run.state;
  if (path === undefined) return await numberField(run, "ToleratedFailureCount", ToleratedFailureCount ?? 0);
  const field = "ToleratedFailureCountPath";
  return wholeNumber(run.at(path, field, input), { field, path });
}

async function percentageOf(run: StateRun<MapState>, input: Json): Promise<number> {
  const { ToleratedFailurePercentage, ToleratedFailurePercentagePath: path } = run.state;
  if (path === undefined)
    return await numberField(run, "ToleratedFailurePercentage", ToleratedFailurePercentage ?? 0);
  const field = "ToleratedFailurePercentagePath";
  const value = run.at(path, field, input);
  if (typeof value === "number") return value;
  throw notA("float", { value, field, path });
}

function wrong(cause: string): StatesError {
  return new StatesError("States.Runtime", { cause, inState: true });
}
