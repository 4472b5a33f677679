import type { Json } from "../../json.ts";
import type { ParallelState } from "../../model.ts";
import type { Frame } from "../frame.ts";
import { within } from "../position.ts";
import type { Outcome, RunLevel, StateRun } from "../state-run.ts";
import { finish } from "./finish.ts";
import { Group } from "./group.ts";

/** Runs its branches side by side; the first failure ends the others. */
export async function runParallel(run: StateRun<ParallelState>, level: RunLevel): Promise<Outcome> {
  const { frame, state } = run;
  const input = run.isJsonata ? await argumentsOf(run) : parametersOf(run);
  const { perform } = run.execution;
  if (perform !== undefined) return await finish(run, await perform({ run, input }));
  frame.log("ParallelStateStarted");
  const begin = frame.last;
  const branches = state.Branches.map((machine, index) =>
    frame.inner(machine, { last: begin, position: within(frame.position, index) }),
  );
  const group = new Group(run);
  const outputs = await group.run(
    branches.map((branch) => () => runBranch(frame, branch, () => level(branch, input))),
    {
      failed: (index) => void (frame.last = branches[index]?.last ?? begin),
      aborted: (index) => group.abortedState(branches[index]),
    },
  );
  frame.execution.log.add("ParallelStateSucceeded", frame.last);
  return await finish(run, outputs);
}

async function runBranch(frame: Frame, branch: Frame, work: () => Promise<Json>): Promise<Json> {
  const output = await work();
  frame.last = branch.last;
  return output;
}

function parametersOf(run: StateRun<ParallelState>): Json {
  const input = run.effectiveInput();
  const { Parameters } = run.state;
  return Parameters === undefined ? input : run.fill(Parameters, "Parameters", input);
}

async function argumentsOf(run: StateRun<ParallelState>): Promise<Json> {
  const { Arguments } = run.state;
  return Arguments === undefined ? run.input : await run.evaluate(Arguments, "Arguments");
}
