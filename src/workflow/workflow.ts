/** Workflows: functions that orchestrate, replayed from their history after a crash. */
import type { Duration } from "../core/duration.ts";
import { checkName } from "../core/names.ts";
import { checkFunction, checkWorkflowOptions } from "./check-options.ts";
import type { StandardSchema } from "./schema.ts";

/** Options of a workflow. */
export interface WorkflowOptions<Input> {
  /** Checks (and may transform) the input before a run is started. Any Standard Schema: zod, valibot, arktype, … */
  readonly input?: StandardSchema<Input> | undefined;
  /** How long a run may take from its start; then it is `timed_out`. Default: no limit. */
  readonly timeout?: Duration | undefined;
}

/** A definition that can be started. */
export interface Workflow<Input, Output> {
  readonly kind: "workflow";
  readonly name: string;
  readonly options: WorkflowOptions<Input>;
  /** The function itself. */
  readonly run: (input: Input) => Output | Promise<Output>;
}

/** A workflow of any input and output. */
export interface AnyWorkflow {
  readonly kind: "workflow";
  readonly name: string;
  readonly options: WorkflowOptions<unknown>;
  readonly run: (input: never) => unknown;
}

/**
 * Defines a workflow. `name` is what the history records: keep it when you rename the function.
 *
 * The function must be deterministic: the same outcomes lead to the same durable calls. Side effects belong into activities.
 * @throws DarumaError DRM-INVALID-NAME, DRM-INVALID-OPTION, DRM-INVALID-DURATION
 */
export function workflow<Input = void, Output = unknown>(
  name: string,
  run: (input: Input) => Output | Promise<Output>,
  options: WorkflowOptions<Input> = {},
): Workflow<Input, Output> {
  checkName("workflow", name);
  checkFunction(`workflow ${name}`, run);
  return { kind: "workflow", name, run, options: checkWorkflowOptions(options) };
}

/** True for what {@link workflow} returns. */
export function isWorkflow(value: unknown): value is AnyWorkflow {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "workflow";
}
