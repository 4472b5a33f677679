/** From the calls of workflow code to command events: payloads encoded, options checked and in milliseconds. */
import { durationMs } from "../core/duration.ts";
import type { Duration } from "../core/duration.ts";
import type {
  ActivityScheduled,
  ChildStarted,
  RecordedActivityOptions,
  TimerStarted,
} from "../core/events.ts";
import type { Limits } from "../core/limits.ts";
import { checkName } from "../core/names.ts";
import { encodePayload } from "../core/payload.ts";
import type { Payload } from "../core/payload.ts";
import { normalizeRetry } from "../core/retry.ts";
import type { ActivityOptions, Schedule } from "../workflow/seam.ts";

interface Place {
  readonly ref: number;
  readonly time: number;
  readonly run: { readonly id: string; readonly generation: number };
  readonly limits: Limits;
}

/** The event of a command. @throws PayloadError, DarumaError for options that cannot be */
export function commandOf(command: Schedule, place: Place): ActivityScheduled | TimerStarted | ChildStarted {
  const { ref, time } = place;
  switch (command.kind) {
    case "timer":
      return { type: "timer_started", ref, name: command.name, fireAt: command.fireAt, time };
    case "activity":
      return activityCommand(command, place);
    case "child":
      return childCommand(command, place);
  }
}

function activityCommand(command: Extract<Schedule, { kind: "activity" }>, place: Place): ActivityScheduled {
  const { ref, time, limits } = place;
  const { name } = command.definition;
  const input = encodePayload(command.args, {
    maxBytes: limits.payloadBytes,
    subject: `the arguments of activity ${name}`,
  });
  const options = command.options === undefined ? undefined : recordedOptions(command.options);
  // Two shapes instead of an undefined field: this is the hottest object of the engine.
  return options === undefined
    ? { type: "activity_scheduled", ref, name, input, time }
    : { type: "activity_scheduled", ref, name, input, options, time };
}

function childCommand(command: Extract<Schedule, { kind: "child" }>, place: Place): ChildStarted {
  const { ref, time, run, limits } = place;
  const id = command.id ?? `${run.id}.${run.generation}.${ref}`;
  checkName("run id", id, limits);
  return {
    type: "child_started",
    ref,
    name: command.name,
    id,
    input: encodeOptional(command.input, limits, `the input of child ${command.name}`),
    parentClose: command.parentClose,
    timeoutMs: command.timeoutMs,
    time,
  };
}

/** Undefined has no payload at all. */
export function encodeOptional(value: unknown, limits: Limits, subject: string): Payload | undefined {
  return value === undefined ? undefined : encodePayload(value, { maxBytes: limits.payloadBytes, subject });
}

/** Options in the form that a history keeps. @throws DarumaError DRM-INVALID-DURATION, DRM-INVALID-OPTION */
export function recordedOptions(options: ActivityOptions): RecordedActivityOptions {
  const ms = (name: keyof ActivityOptions): number | undefined => {
    const value = options[name] as Duration | undefined;
    return value === undefined ? undefined : durationMs(value, name);
  };
  const all = {
    taskQueue: options.taskQueue,
    startToCloseMs: ms("startToCloseTimeout"),
    scheduleToCloseMs: ms("scheduleToCloseTimeout"),
    scheduleToStartMs: ms("scheduleToStartTimeout"),
    heartbeatMs: ms("heartbeatTimeout"),
    retry: options.retry === undefined ? undefined : normalizeRetry(options.retry),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
