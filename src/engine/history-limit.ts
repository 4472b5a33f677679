/**
 * How long a history may grow (B1): a warning at one length, and the end of the run at another, with an error that says so.
 *
 * The engine imposes that end; the code did not ask for it, so that a replay must not expect it from the code.
 */
import { DarumaError } from "../core/errors.ts";
import type { Event } from "../core/events.ts";
import { toFailure } from "../core/failure.ts";
import type { LiveRun } from "./live-run.ts";
import type { EngineOptions } from "./options.ts";

/** A run has grown to the warning level or beyond. */
export function limitHistory(run: LiveRun, { limits, telemetry, ports }: EngineOptions): void {
  const { progress, id, workflow } = run;
  if (progress.closed || run.dropped) return;
  if (!run.warned) {
    run.warned = true;
    telemetry({
      level: "warn",
      event: "history_long",
      message: `The history of run ${id} has ${progress.head} events. It will fail at ${limits.historyEvents} (limits.historyEvents): use continueAsNew.`,
      runId: id,
      workflow,
    });
  }
  if (progress.head < limits.historyEvents) return;
  const failure = toFailure(tooLong(run, limits.historyEvents));
  run.append({ type: "run_failed", failure, time: Math.max(ports.clock.now(), progress.time) });
}

/** True for the end that the engine imposes. */
export function isImposed(event: Event): boolean {
  return event.type === "run_failed" && event.failure.code === "DRM-HISTORY-LIMIT";
}

function tooLong({ id, progress }: LiveRun, limit: number): DarumaError {
  return new DarumaError("DRM-HISTORY-LIMIT", {
    message: `The history of run ${id} has reached its limit.`,
    subject: id,
    expected: `fewer than ${limit} events (limits.historyEvents)`,
    found: String(progress.head),
  });
}
