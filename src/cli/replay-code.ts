/** Histories and code: replaying what was recorded against the code of today, with no effect on the world. */
import type { Client } from "../client/client.ts";
import { UnknownWorkflowError } from "../core/errors.ts";
import type { HistoryEvent } from "../core/events.ts";
import { defaultLimits } from "../core/limits.ts";
import { nodePorts } from "../embedded/node-ports.ts";
import { connectAsyncContext } from "../engine/async-context.ts";
import { replayHistory } from "../engine/determinism.ts";
import { installGuard } from "../engine/guard/install.ts";
import { runningExecution } from "../engine/guard/running-execution.ts";
import type { Execution } from "../engine/execution.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";

/** What is replayed. */
export interface ReplayOptions {
  readonly run: { readonly id: string; readonly generation: number; readonly workflow: string };
  readonly workflows: readonly AnyWorkflow[];
  /** Compare arguments and results too, not only kind, name and position. */
  readonly strict: boolean;
}

/** The code of a run, standing where its history ends. @throws UnknownWorkflowError, NonDeterminismError and other violations */
export async function executionOf(
  events: readonly HistoryEvent[],
  options: ReplayOptions,
): Promise<Execution> {
  const { run, strict } = options;
  const workflow = workflowOf(options);
  connectAsyncContext();
  installGuard(runningExecution);
  const { id, generation } = run;
  const check = { workflow, id, generation, limits: defaultLimits, ports: nodePorts };
  return await replayHistory(events, check, strict);
}

/** @throws UnknownWorkflowError */
export function workflowOf({ run, workflows }: Omit<ReplayOptions, "strict">): AnyWorkflow {
  const workflow = workflows.find(({ name }) => name === run.workflow);
  if (workflow !== undefined) return workflow;
  const known = workflows.map(({ name }) => name);
  throw new UnknownWorkflowError({ workflow: run.workflow, known, fix: "Name the module that exports it." });
}

/** All events of the latest generation of a run. */
export async function readHistory(client: Client, id: string): Promise<HistoryEvent[]> {
  return await Array.fromAsync(client.get(id).history());
}
