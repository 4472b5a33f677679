/** What states with a result do with it: ResultSelector, ResultPath, OutputPath; or Output; and Assign. */
import type { Json, JsonObject } from "../../json.ts";
import { writeResult } from "../../path/result-path.ts";
import type { State } from "../../model.ts";
import type { Outcome, StateRun } from "../state-run.ts";

interface WithResult {
  readonly ResultSelector?: JsonObject;
  readonly ResultPath?: string | null;
  readonly Next?: string;
}

/** Leaves a state that has a result. */
export async function finish(run: StateRun, result: Json): Promise<Outcome> {
  const state = run.state as State & WithResult;
  const { Next: next } = state;
  if (run.isJsonata) return { ...(await finishJsonata(run, result)), next };
  const selected = select(run, state, result);
  const assigned = await run.assigned(state.Assign, selected);
  const written = writeResult(run.input, state.ResultPath, selected);
  run.inspect("afterResultPath", written);
  return { output: outputPath(run, written), next, assigned };
}

async function finishJsonata(run: StateRun, result: Json): Promise<Omit<Outcome, "next">> {
  const { Output, Assign } = run.state;
  const assigned = await run.assigned(Assign, result, { result });
  const output = Output === undefined ? result : await run.evaluate(Output, "Output", { result });
  return { output, assigned };
}

function select(run: StateRun, { ResultSelector }: WithResult, result: Json): Json {
  const selected = ResultSelector === undefined ? result : run.fill(ResultSelector, "ResultSelector", result);
  run.inspect("afterResultSelector", selected);
  return selected;
}

/** Leaves a state that has no result: its output is its input, but for OutputPath or Output. */
export async function pass(run: StateRun, input: Json): Promise<Omit<Outcome, "next">> {
  const { Assign, Output } = run.state;
  const assigned = await run.assigned(Assign, input);
  if (!run.isJsonata) return { output: outputPath(run, input), assigned };
  return { output: Output === undefined ? input : await run.evaluate(Output, "Output"), assigned };
}

export function outputPath(run: StateRun, value: Json): Json {
  const { OutputPath } = run.state;
  return OutputPath === null ? {} : run.at(OutputPath ?? "$", "OutputPath", value);
}
