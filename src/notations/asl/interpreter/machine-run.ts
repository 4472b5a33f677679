/** Runs one level of a state machine: state after state, until its end or a failure that nobody catches. */
import type { Json } from "../json.ts";
import type { State } from "../model.ts";
import type { Frame } from "./frame.ts";
import { mostRedrives, moveOn } from "./position.ts";
import type { Position } from "./position.ts";
import { caught, logStateFailed, retryDelay } from "./retry.ts";
import type { StatesError } from "../states-error.ts";
import { StateRun } from "./state-run.ts";
import type { Outcome } from "./state-run.ts";
import { runState } from "./states/state-types.ts";
import { GivenOutAgain } from "./waits.ts";

/** The output of a level. A level whose position says where it stood goes on there. @throws StatesError */
export async function runMachine(frame: Frame, input: Json): Promise<Json> {
  const { position, machine } = frame;
  if (position.done === true) return position.output ?? null;
  let name = position.state ?? machine.StartAt;
  let data = position.state === undefined ? input : (position.input ?? null);
  if (position.variables !== undefined) frame.assign(position.variables);
  for (;;) {
    // The check has seen that every target exists.
    const state = machine.States[name] as State;
    const { output, next } = await enterAndRun(new StateRun(frame, name, { state, input: data }));
    moveOn(position);
    data = output;
    if (next === undefined) break;
    name = next;
    // Stopped from here on, the machine stands before the next state.
    position.state = name;
    position.input = data;
    position.variables = frame.variables;
    await frame.execution.breathe();
  }
  position.done = true;
  position.output = data;
  return data;
}

async function enterAndRun(run: StateRun): Promise<Outcome> {
  run.enter();
  for (;;) {
    try {
      const outcome = await runState(run, runMachine);
      run.exit(outcome);
      return outcome;
    } catch (error) {
      if (error instanceof GivenOutAgain) {
        run.forgetRetries();
        continue;
      }
      const outcome = await recover(run, error);
      if (outcome === undefined) continue;
      run.exit(outcome);
      return outcome;
    }
  }
}

/** Undefined: the state is to be tried again. */
async function recover(run: StateRun, error: unknown): Promise<Outcome | undefined> {
  const failure = run.failed(error);
  const delay = retryDelay(run, failure);
  const { world } = run.execution;
  if (delay !== undefined) {
    await world.sleepUntil(world.now() + delay);
    moveOn(run.frame.position);
    return undefined;
  }
  if (beginsAnew(failure, run.frame.position)) moveOn(run.frame.position);
  logStateFailed(run, failure);
  try {
    const outcome = await caught(run, failure);
    if (outcome !== undefined) return outcome;
  } catch (second) {
    throw run.failed(second);
  }
  throw failure;
}

/**
 * True: a redrive does all of what is inside again, because its results were too large together (AWS, "Redrive behavior of individual states"), or could not
 * be worked with after a map run (AWS, "Redriving Map Runs").
 */
function beginsAnew({ error }: StatesError, { mapRun }: Position): boolean {
  if (error === "States.DataLimitExceeded") return true;
  return error === "States.Runtime" && mapRun !== undefined && mapRun.redrives < mostRedrives;
}
