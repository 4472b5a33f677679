/** What an engine is opened with, checked before anything is touched. */
import { DarumaError } from "../core/errors.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";
import { isWorkflow } from "../workflow/workflow.ts";
import type { EngineOptions } from "./options.ts";

type Checked = Pick<EngineOptions, "workflows" | "slots" | "cacheSize" | "taskQueues" | "retentionMs">;

/** @throws DarumaError DRM-INVALID-OPTION, DRM-DUPLICATE-WORKFLOW */
export function checkOptions(options: Checked): void {
  checkCount("slots", options.slots, 1);
  checkCount("cacheSize", options.cacheSize, 0);
  if (options.retentionMs !== undefined) checkCount("retention", options.retentionMs, 0);
  for (const [queue, slots] of Object.entries(options.taskQueues))
    checkCount(`taskQueues.${queue}`, slots, 1);
  checkWorkflows(options.workflows);
}

function checkCount(option: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw invalid(option, `a whole number of ${least} or more`, String(value));
}

/** @throws DarumaError DRM-INVALID-OPTION, DRM-DUPLICATE-WORKFLOW */
export function checkWorkflows(workflows: readonly AnyWorkflow[]): void {
  const known = new Map<string, AnyWorkflow>();
  for (const [index, workflow] of workflows.entries()) {
    if (!isWorkflow(workflow))
      throw invalid(`workflows[${index}]`, "what workflow() returns", typeof workflow);
    const other = known.get(workflow.name);
    // The same definition twice does no harm.
    if (other !== undefined && other !== workflow) throw duplicate(workflow.name);
    known.set(workflow.name, workflow);
  }
}

function invalid(option: string, expected: string, found: string): DarumaError {
  const message = `The option "${option}" has a value that is not allowed.`;
  return new DarumaError("DRM-INVALID-OPTION", { message, subject: option, expected, found });
}

function duplicate(name: string): DarumaError {
  return new DarumaError("DRM-DUPLICATE-WORKFLOW", {
    message: `Two different workflows have the name "${name}", so that a history would not say which of them it belongs to.`,
    subject: name,
    expected: "one definition for each name",
    found: "two",
  });
}
