/** Executes the state once and makes the answer: how it ended, and what Retry and Catch say to an error. */
import { runMachine } from "../interpreter/machine-run.ts";
import { caught, catcherFor, retrierFor, retryDelay } from "../interpreter/retry.ts";
import type { Outcome, StateRun } from "../interpreter/state-run.ts";
import { runState } from "../interpreter/states/state-types.ts";
import type { JsonObject } from "../json.ts";
import { textOf } from "../json.ts";
import type { StatesError } from "../states-error.ts";
import type { Inspection } from "./inspection.ts";
import type { InspectionLevel, StateConfiguration } from "./request.ts";

export interface AnswerOptions {
  readonly inspection: Inspection;
  readonly level: InspectionLevel;
  readonly configuration: StateConfiguration;
}

export async function answerOf(run: StateRun, options: AnswerOptions): Promise<JsonObject> {
  run.enter();
  const { fields, errorDetails } = await outcomeOf(run, options.configuration);
  const { variables } = run.frame;
  if (Object.keys(variables).length > 0) options.inspection.note("variables", variables);
  const inspectionData = options.inspection.shown(options.level, errorDetails);
  return { ...fields, ...(inspectionData === undefined ? {} : { inspectionData }) };
}

interface Ended {
  readonly fields: JsonObject;
  readonly errorDetails?: JsonObject | undefined;
}

async function outcomeOf(run: StateRun, configuration: StateConfiguration): Promise<Ended> {
  try {
    return { fields: { status: "SUCCEEDED", ...left(run, await runState(run, runMachine)) } };
  } catch (error) {
    return await failed(run, run.failed(error), configuration);
  }
}

/** Leaves the state. */
function left(run: StateRun, outcome: Outcome): JsonObject {
  run.exit(outcome);
  const { output, next } = outcome;
  return { output: textOf(output), ...(next === undefined ? {} : { nextState: next }) };
}

async function failed(
  run: StateRun,
  failure: StatesError,
  { retrierRetryCount = 0 }: StateConfiguration,
): Promise<Ended> {
  const at = retrierFor(run, failure);
  const retry = at < 0 ? {} : { retryIndex: at };
  if (at >= 0) run.retries.set(at, retrierRetryCount);
  const delay = retryDelay(run, failure);
  if (delay !== undefined) {
    const errorDetails = { ...retry, retryBackoffIntervalSeconds: Math.floor(delay / 1000) };
    return { fields: { status: "RETRIABLE", ...shown(failure) }, errorDetails };
  }
  try {
    const outcome = await caught(run, failure);
    if (outcome !== undefined) {
      const fields = { status: "CAUGHT_ERROR", ...shown(failure), ...left(run, outcome) };
      return { fields, errorDetails: { ...retry, catchIndex: catcherFor(run, failure) } };
    }
  } catch (second) {
    return { fields: { status: "FAILED", ...shown(run.failed(second)) }, errorDetails: known(retry) };
  }
  return { fields: { status: "FAILED", ...shown(failure) }, errorDetails: known(retry) };
}

function known(details: JsonObject): JsonObject | undefined {
  return Object.keys(details).length === 0 ? undefined : details;
}

function shown({ error, causeText }: StatesError): JsonObject {
  return {
    ...(error === undefined ? {} : { error }),
    ...(causeText === undefined ? {} : { cause: causeText }),
  };
}
