import type { Json } from "../../json.ts";
import type { PassState } from "../../model.ts";
import type { Outcome, StateRun } from "../state-run.ts";
import { finish, pass } from "./finish.ts";

/** Passes its input on, changed or replaced. */
export async function runPass(run: StateRun<PassState>): Promise<Outcome> {
  const { state } = run;
  if (run.isJsonata) return { ...(await pass(run, run.input)), next: state.Next };
  return await finish(run, resultOf(run));
}

function resultOf(run: StateRun<PassState>): Json {
  const { Parameters, Result } = run.state;
  const input = run.effectiveInput();
  const parameters = Parameters === undefined ? input : run.fill(Parameters, "Parameters", input);
  run.inspect("afterParameters", parameters);
  if (Result === undefined) return parameters;
  run.inspect("result", Result);
  return Result;
}
