/**
 * State machines as workflows: the interpreter on the public API, so that durability, pause, cancel, history and replay are those of every run.
 */
import { ApplicationError } from "../../core/errors.ts";
import { runInfo } from "../../workflow/run.ts";
import { workflow } from "../../workflow/workflow.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { compileMachine } from "./check/compile.ts";
import { workflowName } from "./execution.ts";
import type { ExecutionFailure, ExecutionInput } from "./execution.ts";
import { answerQuestions } from "./interpreter/questions.ts";
import { durableWorld } from "./interpreter/durable-world.ts";
import { Execution } from "./interpreter/execution.ts";
import type { Kin } from "./interpreter/execution.ts";
import { Frame } from "./interpreter/frame.ts";
import { runMachine } from "./interpreter/machine-run.ts";
import type { Position } from "./interpreter/position.ts";
import { whole } from "./interpreter/state-run.ts";
import type { World } from "./interpreter/world.ts";
import type { Json } from "./json.ts";
import { textOf } from "./json.ts";
import { StatesError } from "./states-error.ts";
import type { TaskHost } from "./task-host.ts";

/** The workflow whose runs are executions of state machines. Its input is an {@link ExecutionInput}, its result the text of the output. */
export function aslWorkflow(host: TaskHost): Workflow<ExecutionInput, string> {
  const world = durableWorld(host);
  return workflow(workflowName, (input: ExecutionInput) => execute(world, input));
}

/** Runs an execution inside a workflow. @throws ApplicationError with {@link ExecutionFailure} */
export async function execute(world: World, input: ExecutionInput, kin?: Kin): Promise<string> {
  const { id, startedAt } = runInfo();
  const execution = new Execution({ input, world, runId: id, startTime: startedAt, at: place, kin });
  const position = input.resume === undefined ? {} : (structuredClone(input.resume.position) as Position);
  answerQuestions(execution, position);
  const frame = begin(execution, position);
  try {
    const output = textOf(await runMachine(frame, JSON.parse(input.input) as Json));
    execution.log.close("ExecutionSucceeded", frame.last, { output, outputDetails: whole });
    return output;
  } catch (error) {
    throw error instanceof StatesError ? failed(execution, frame, error) : error;
  }
}

function begin(execution: Execution, position: Position): Frame {
  const { input } = execution;
  const machine = compileMachine(input.definition);
  const redriven = input.resume !== undefined;
  const last = redriven
    ? execution.log.add("ExecutionRedriven", input.resume.events, {
        redriveCount: input.execution.redriveCount ?? 1,
      })
    : execution.log.add("ExecutionStarted", 0, startDetails(input));
  return new Frame({
    execution,
    machine,
    language: "JSONPath",
    variables: {},
    // The first state names no event before it.
    last: redriven ? last : 0,
    position,
    at: place,
  });
}

/** The number of the event of the run's history that is being delivered. */
function place(): number {
  return runInfo().historyLength;
}

function startDetails({ input, execution, machine }: ExecutionInput): { readonly [key: string]: Json } {
  const { versionArn, aliasArn } = machine;
  return {
    input,
    inputDetails: whole,
    roleArn: execution.roleArn,
    ...(versionArn === undefined ? {} : { stateMachineVersionArn: versionArn }),
    ...(aliasArn === undefined ? {} : { stateMachineAliasArn: aliasArn }),
  };
}

function failed(
  execution: Execution,
  frame: Frame,
  { error, causeText, message }: StatesError,
): ApplicationError {
  const details: ExecutionFailure = { error, cause: causeText };
  execution.log.close("ExecutionFailed", frame.last, {
    ...(error === undefined ? {} : { error }),
    ...(causeText === undefined ? {} : { cause: causeText }),
  });
  const type = error === undefined || error === "" ? "Error" : error;
  const { retryAt } = frame;
  // A retry enters the state of the task again. Inside of other states, where more is done than that, it is told which task is to be given out again: whoever had it has reported, or will not.
  const retry = retryAt === undefined ? execution.waits.retry : { retryAt };
  return Object.assign(new ApplicationError(message, { type, details }), retry);
}
