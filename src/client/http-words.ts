/** The words that a server and its clients share: paths, facts about the process, and how an error crosses. Bodies are JSON; values in them are payloads. */
import type { Failure } from "../core/failure.ts";
import type { Payload } from "../core/payload.ts";

/** What a process says of itself. */
export interface ProcessFacts {
  readonly pid: number;
  /** The names of the workflows whose code it has. */
  readonly workflows: readonly string[];
  /** True: it lets running activities finish and gives the database up then. */
  readonly closing: boolean;
}

/** The body of an answer that is no success, and the last line of a stream that broke. */
export interface ErrorBody {
  readonly error: Failure;
}

/** An answer that may have a value. */
export interface ValueBody {
  readonly result?: Payload | undefined;
}

/** The path of the routes of one run, or of the list of runs. */
export function runPath(
  id?: string,
  part?: "forks" | "history" | "messages" | "queries" | "result" | "retries" | "updates",
): string {
  if (id === undefined) return "/v1/runs";
  const run = `/v1/runs/${encodeURIComponent(id.toWellFormed())}`;
  return part === undefined ? run : `${run}/${part}`;
}

/** Where a process tells its {@link ProcessFacts}. */
export const processPath = "/v1/process";
