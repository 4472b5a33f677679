/** The one point through which everything goes that the engine wants people to know: logs now; metrics and traces later. */

/** How urgent it is. */
export type Level = "debug" | "info" | "warn" | "error";

/** One thing that happened. `event` is a stable name for programs, `message` is for people. */
export interface TelemetryEvent {
  readonly level: Level;
  readonly event: string;
  readonly message: string;
  readonly runId?: string | undefined;
  readonly workflow?: string | undefined;
  readonly [field: string]: unknown;
}

/** Takes telemetry; must not throw. */
export type Telemetry = (event: TelemetryEvent) => void;

const numbers: Record<Level, number> = { debug: 20, info: 30, warn: 40, error: 50 };

/** Lines of JSON shaped like pino's (level numbers, `time`, `msg`), from `least` upwards. */
export function jsonLines(
  write: (line: string) => void,
  now: () => number,
  least: Level = "warn",
): Telemetry {
  return ({ level, message, ...fields }) => {
    if (numbers[level] < numbers[least]) return;
    write(`${JSON.stringify({ level: numbers[level], time: now(), msg: message, ...fields })}\n`);
  };
}
