/** What the kinds of tasks share: the call with its events. */
import type { Json } from "../../json.ts";
import { StatesError } from "../../states-error.ts";
import type { TaskCall } from "../../task-host.ts";
import type { Attempt } from "../states/task.ts";
import type { StateRun } from "../state-run.ts";

/** Milliseconds of a task's limit. */
export function msOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

/** The call of a resource as plain data. */
export function taskCall(run: StateRun, resource: string, input: Json): TaskCall {
  const { input: given } = run.execution;
  const { account, region } = given;
  const context = {
    executionArn: given.execution.arn,
    stateMachineArn: given.machine.arn,
    stateName: run.name,
    account,
    region,
  };
  return { resource, input, taskToken: run.taskToken, context };
}

/** Runs what an attempt does; a failure gets its event. */
export async function noted<T>({ run, events }: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StatesError)) throw error;
    const failure = run.failed(error);
    events.failed(failure);
    throw failure;
  }
}

/** Lets the others of a group schedule their tasks before the first is said to have started. */
export function hop(): Promise<void> {
  return Promise.resolve();
}
