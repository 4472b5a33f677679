/** The eight types of states. */
import type { State } from "../../model.ts";
import type { Outcome, RunLevel, StateRun } from "../state-run.ts";
import { runChoice } from "./choice.ts";
import { runFail } from "./fail.ts";
import { runMap } from "./map.ts";
import { runParallel } from "./parallel.ts";
import { runPass } from "./pass.ts";
import { runSucceed } from "./succeed.ts";
import { runTask } from "./task.ts";
import { runWait } from "./wait.ts";

type Run<S extends State> = (run: StateRun<S>, level: RunLevel) => Promise<Outcome>;
type Runs = { readonly [Type in State["Type"]]: Run<Extract<State, { readonly Type: Type }>> };

const runs: Runs = {
  Choice: runChoice,
  Fail: runFail,
  Map: runMap,
  Parallel: runParallel,
  Pass: runPass,
  Succeed: runSucceed,
  Task: runTask,
  Wait: runWait,
};

/** Executes a state once. `level` runs what is inside of it. @throws StatesError */
export function runState(run: StateRun, level: RunLevel): Promise<Outcome> {
  const execute = runs[run.state.Type] as Run<State>;
  return execute(run, level);
}
