/**
 * The determinism check of development and tests: a run that has closed is replayed at once from its history and compared, payloads included, so that a
 * mistake shows on the day it is written.
 */
import type { Settle } from "../core/ports.ts";
import { alone } from "./alone.ts";
import type { EngineState } from "./state.ts";
import { Execution } from "./execution.ts";
import type { LiveRun } from "./live-run.ts";
import { violationFields } from "./parking.ts";
import { readEvents, replayTurns } from "./replay.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";
import type { Event } from "../core/events.ts";
import type { EngineOptions } from "./options.ts";

/** What a replay is made with. */
export interface CheckOptions {
  readonly workflow: AnyWorkflow;
  readonly id: string;
  readonly generation: number;
  readonly limits: EngineOptions["limits"];
  readonly ports: Pick<EngineOptions["ports"], "settle">;
}

/** Replays a whole history against code. The code half, standing where the history ends. @throws NonDeterminismError and other violations */
export async function replayHistory(
  events: readonly Event[],
  options: CheckOptions,
  strict: boolean,
): Promise<Execution> {
  const { workflow, id, generation, limits, ports } = options;
  const base = { workflow, id, generation, limits, strict, trace: strict };
  const execution = new Execution({ ...base, emit: () => {} });
  await replayTurns(execution, events, ports.settle);
  return execution;
}

/** A store that does not answer says nothing about the code. */
function unreadable(): undefined {
  return undefined;
}

/** The difference between a closed run and its replay, if there is one and the store lets us look. */
export async function determinismError(state: EngineState, run: LiveRun): Promise<Error | undefined> {
  const workflow = state.workflows.get(run.workflow);
  if (workflow === undefined) return undefined;
  const { options, counters } = state;
  counters.checking++;
  try {
    const events = await readEvents(options.store.history, run.key).catch(unreadable);
    const { id, generation } = run;
    const replaying = (settle: Settle): Promise<unknown> =>
      replayHistory(events ?? [], { ...options, workflow, id, generation, ports: { settle } }, true);
    if (events !== undefined) await alone(state, run, replaying);
    return undefined;
  } catch (error) {
    const { id: runId, workflow: name } = run;
    const message = `Run ${runId} of workflow ${name} has closed, but its replay differs: ${String(error)}`;
    const about = { runId, workflow: name, ...violationFields(error as Error) };
    options.telemetry({ level: "error", event: "not_deterministic", message, ...about });
    return error as Error;
  } finally {
    counters.checking--;
  }
}
