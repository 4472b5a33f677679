/** The limits that everything has (invariant B1), with their defaults. A limit is a whole number of 1 or more. */
import { DarumaError, quoted } from "./errors.ts";

/** All limits. Each error that a limit causes names the field to change. */
export interface Limits {
  /** Size of one stored value (input, result, signal, details) in UTF-8 bytes of its JSON text. Default 2 MiB. */
  readonly payloadBytes: number;
  /** Events in one run's history from which on a warning is given. Default 100,000. */
  readonly historyEventsWarn: number;
  /** Events in one run's history at which the run fails. Default 1,000,000. */
  readonly historyEvents: number;
  /** Durable calls of one run that are open at the same time. Default 200,000. */
  readonly pendingCommands: number;
  /** How deeply child runs may be nested; a run without a parent has depth 0. Default 64. */
  readonly childDepth: number;
  /** Characters (UTF-16 units) of a run id or a name of a workflow, activity or message. Default 256. */
  readonly nameLength: number;
  /** Milliseconds for which workflow code may compute without giving control back. Default 2,000. */
  readonly turnMs: number;
  /** How often the process may die while one activity runs before the activity fails as lost. Default 10. */
  readonly interruptions: number;
  /** Signals of one run that wait to be received. Default 100,000. */
  readonly signalsBuffered: number;
}

export const defaultLimits: Limits = Object.freeze({
  payloadBytes: 2 * 1024 * 1024,
  historyEventsWarn: 100_000,
  historyEvents: 1_000_000,
  pendingCommands: 200_000,
  childDepth: 64,
  nameLength: 256,
  turnMs: 2_000,
  interruptions: 10,
  signalsBuffered: 100_000,
});

function refuse(key: string, expected: string, found: unknown): never {
  const subject = `limits.${key}`;
  const message = `The option ${quoted(subject)} has a value that is not allowed.`;
  throw new DarumaError("DRM-INVALID-OPTION", { message, subject, expected, found: String(found) });
}

/**
 * The defaults with the given limits in their place.
 * @throws DarumaError DRM-INVALID-OPTION: unknown limit, not a whole number of 1 or more, warning above the stop.
 */
export function resolveLimits(partial: Partial<Limits> = {}): Limits {
  const limits: Record<string, number> = { ...defaultLimits };
  for (const [key, value] of Object.entries(partial)) {
    if (!Object.hasOwn(defaultLimits, key))
      refuse(key, `one of ${Object.keys(defaultLimits).join(", ")}`, key);
    if (value === undefined) continue;
    if (!Number.isSafeInteger(value) || value < 1) refuse(key, "a whole number of 1 or more", value);
    limits[key] = value;
  }
  return Object.freeze(lowerWarning({ ...defaultLimits, ...limits }, partial));
}

/** A stop below the default warning lowers the warning with it; a warning that was asked for above the stop is a mistake. */
function lowerWarning(limits: Limits, asked: Partial<Limits>): Limits {
  const { historyEventsWarn, historyEvents } = limits;
  if (historyEventsWarn <= historyEvents) return limits;
  if (asked.historyEventsWarn === undefined) return { ...limits, historyEventsWarn: historyEvents };
  return refuse("historyEventsWarn", `at most limits.historyEvents (${historyEvents})`, historyEventsWarn);
}
