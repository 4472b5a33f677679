/**
 * Calls something outside and waits for its end.
 *
 * Invariant: each attempt is one call; its repetition after a crash has the same idempotency key, a retry of the state a new one.
 */
import type { Json } from "../../json.ts";
import { expressionIn } from "../../jsonata/expression.ts";
import { typeProblem } from "../../jsonata/failure.ts";
import type { TaskState } from "../../model.ts";
import { StatesError } from "../../states-error.ts";
import { resourceOf } from "../resource.ts";
import type { Resource } from "../resource.ts";
import type { Outcome, StateRun } from "../state-run.ts";
import { TaskEvents } from "../task-events.ts";
import type { TaskLimits } from "../task-events.ts";
import { callActivity } from "../tasks/activity.ts";
import { callExecution } from "../tasks/execution.ts";
import { callFunction } from "../tasks/function.ts";
import { callService } from "../tasks/service.ts";
import { finish } from "./finish.ts";

/** One attempt of a task. */
export interface Attempt<R extends Resource = Resource> {
  readonly run: StateRun<TaskState>;
  readonly resource: R;
  readonly input: Json;
  readonly limits: TaskLimits;
  readonly events: TaskEvents;
}

export async function runTask(run: StateRun<TaskState>): Promise<Outcome> {
  const resource = resourceOf(run.state.Resource);
  if (resource.kind === "service" && resource.pattern === "token")
    run.taskToken = run.execution.tokens.make();
  const effective = run.effectiveInput();
  const input = run.isJsonata ? await argumentsOf(run) : parametersOf(run, effective);
  const limits = run.isJsonata ? await evaluatedLimits(run) : limitsOf(run, effective);
  const attempt = { run, resource, input, limits, events: new TaskEvents(run, resource) };
  return await finish(run, await call(attempt));
}

async function call(attempt: Attempt): Promise<Json> {
  const { resource, run, input, limits } = attempt;
  const { perform } = run.execution;
  if (perform !== undefined) return await perform({ run, input, timeoutSeconds: limits.timeout });
  if (resource.kind === "function") return await callFunction({ ...attempt, resource });
  if (resource.kind === "activity") return await callActivity({ ...attempt, resource });
  if (resource.type === "states") return await callExecution({ ...attempt, resource });
  return await callService({ ...attempt, resource });
}

function parametersOf(run: StateRun<TaskState>, input: Json): Json {
  const { Parameters } = run.state;
  const filled = Parameters === undefined ? input : run.fill(Parameters, "Parameters", input);
  run.inspect("afterParameters", filled);
  return filled;
}

async function argumentsOf(run: StateRun<TaskState>): Promise<Json> {
  const { Arguments } = run.state;
  const filled = Arguments === undefined ? run.input : await run.evaluate(Arguments, "Arguments");
  run.inspect("afterArguments", filled);
  return filled;
}

function limitsOf(run: StateRun<TaskState>, input: Json): TaskLimits {
  const { TimeoutSeconds, TimeoutSecondsPath, HeartbeatSeconds, HeartbeatSecondsPath } = run.state;
  const at = (path: string | undefined, field: string, literal: unknown): number | undefined =>
    path === undefined
      ? (literal as number | undefined)
      : positive(run.at(path, field, input), { field, path });
  return {
    timeout: at(TimeoutSecondsPath, "TimeoutSecondsPath", TimeoutSeconds),
    heartbeat: at(HeartbeatSecondsPath, "HeartbeatSecondsPath", HeartbeatSeconds),
  };
}

function positive(value: Json, { field, path }: { readonly field: string; readonly path: string }): number {
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw new StatesError("States.Runtime", {
    cause: `The ${field} parameter does not reference a positive integer: ${path} == ${JSON.stringify(value)}`,
    inState: true,
  });
}

async function evaluatedLimits(run: StateRun<TaskState>): Promise<TaskLimits> {
  const { TimeoutSeconds, HeartbeatSeconds } = run.state;
  return {
    timeout: await secondsOf(run, "TimeoutSeconds", TimeoutSeconds),
    heartbeat: await secondsOf(run, "HeartbeatSeconds", HeartbeatSeconds),
  };
}

async function secondsOf(
  run: StateRun<TaskState>,
  field: string,
  given: number | string | undefined,
): Promise<number | undefined> {
  if (typeof given !== "string") return given;
  const value = await run.evaluate(given, field);
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw typeProblem(expressionIn(given) ?? given, field, { expected: "number", value });
}
