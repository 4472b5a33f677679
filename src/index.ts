/** What workflow authors and clients import. */
export { activity, type Activity } from "./workflow/activity.ts";
export { child, type ChildHandle, type ChildOptions } from "./workflow/child.ts";
export { forked, type Forked } from "./workflow/forked.ts";
export { query, signal, update, type Query, type Signal, type Update } from "./workflow/messages.ts";
export {
  inCompletionOrder,
  mapConcurrent,
  some,
  type SomeOptions,
  type SomeResult,
} from "./workflow/parallel.ts";
export { activityContext, continueAsNew, runInfo, type ActivityContext } from "./workflow/run.ts";
export type { StandardSchema } from "./workflow/schema.ts";
export type { ActivityOptions, RunInfo } from "./workflow/seam.ts";
export { cancelable, condition, shielded, sleep, sleepUntil, withTimeout } from "./workflow/time.ts";
export { defaultVersion, getVersion, patched } from "./workflow/version.ts";
export { workflow, type AnyWorkflow, type Workflow, type WorkflowOptions } from "./workflow/workflow.ts";
export { Client, type StartOptions } from "./client/client.ts";
export { type ForkOptions, type RetryOptions, RunHandle, type SendOptions } from "./client/run-handle.ts";
export type { ListFilter, Parked, RunDescription, RunPage, RunSummary, Wait } from "./client/backend.ts";
export { Daruma, type DarumaOptions } from "./embedded/daruma.ts";
export * from "./core/errors.ts";
export type { Duration } from "./core/duration.ts";
export type { Event, HistoryEvent } from "./core/events.ts";
export type { Limits } from "./core/limits.ts";
export { decodePayload, encodePayload, type Payload } from "./core/payload.ts";
export type { Backoff, RetryPolicy } from "./core/retry.ts";
export type { RunStatus } from "./core/status.ts";
export type { RecordCondition, RecordFilter, Records, RecordWritten, StoredRecord } from "./store/records.ts";
export type { Telemetry, TelemetryEvent } from "./telemetry/telemetry.ts";
