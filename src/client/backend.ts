/**
 * What a client needs of whatever runs the workflows: the engine in this process, or a server elsewhere. One interface for both, values as payloads.
 */
import type { Event, HistoryEvent, RunForked } from "../core/events.ts";
import type { Message } from "../core/messages.ts";
import type { Payload } from "../core/payload.ts";
import type { RunStatus } from "../core/status.ts";

/** One line of a list of runs. Times in epoch milliseconds. */
export interface RunSummary {
  readonly id: string;
  readonly generation: number;
  readonly workflow: string;
  readonly status: RunStatus;
  readonly paused: boolean;
  /** True: its code does not fit its history, or did what it may not do; see `describe`. */
  readonly parked: boolean;
  readonly createdAt: number;
  readonly closedAt?: number | undefined;
  /** How many events its history has. */
  readonly historyLength: number;
}

/** Why a run is parked. */
export interface Parked {
  readonly code: string;
  readonly message: string;
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  /** file:line:column */
  readonly site?: string | undefined;
  readonly since: number;
}

/** One thing that an open run waits for. */
export interface Wait {
  readonly what: string;
  /** Epoch milliseconds. */
  readonly since?: number | undefined;
  /** When it is due, epoch milliseconds, if that is known. */
  readonly until?: number | undefined;
}

/** What can be said of one run. */
export interface RunDescription extends RunSummary {
  readonly parentId?: string | undefined;
  readonly deadline?: number | undefined;
  /** The run that its history is copied from, up to event `at`, if it is a fork or a retry. */
  readonly origin?: Pick<RunForked, "as" | "from"> | undefined;
  readonly why?: Parked | undefined;
  /** Reasons to move (L2); empty for a closed run. */
  readonly waits: readonly Wait[];
  /** Messages that wait in the inbox. */
  readonly messages: number;
}

/** Which runs to list; newest first. */
export interface ListFilter {
  readonly workflow?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly parked?: boolean | undefined;
  readonly paused?: boolean | undefined;
  /** Only ids that begin like this. */
  readonly idPrefix?: string | undefined;
}

/** One page of a list. */
export interface RunPage {
  readonly runs: readonly RunSummary[];
  /** Pass it for the next page; absent on the last. */
  readonly next?: number | undefined;
}

/** A start, encoded. */
export interface BackendStart {
  readonly workflow: string;
  readonly id: string;
  readonly input: Payload | undefined;
  readonly operation: string;
  /** The run's time limit. */
  readonly timeoutMs?: number | undefined;
  /** True: the input has been through the workflow's schema, and the time limit is its own. False: whoever has the workflow does both. */
  readonly checked: boolean;
}

/** A fork, or a retry. */
export interface BackendCopy {
  /** The number of the last event that is kept. */
  readonly at?: number | undefined;
  readonly operation: string;
}

export interface Backend {
  /** Starts a run; resolves when it is durable. @throws UnknownWorkflowError, InvalidInputError, DuplicateRunError */
  start(request: BackendStart): Promise<void>;
  /** Makes run `request.id` from the history of run `id`. @throws RunNotFoundError, DuplicateRunError, DarumaError DRM-FORK-POINT */
  fork(id: string, request: BackendCopy & { readonly id: string }): Promise<void>;
  /** Lets a run that did not complete go on. @throws RunNotFoundError, DarumaError DRM-NOT-RETRYABLE, DRM-FORK-POINT */
  retry(id: string, request: BackendCopy): Promise<void>;
  send(id: string, message: Message, operation: string): Promise<void>;
  update(
    id: string,
    name: string,
    call: { readonly payload: Payload | undefined; readonly operation: string },
  ): Promise<Payload | undefined>;
  query(id: string, name: string, args: Payload): Promise<Payload | undefined>;
  /** Waits until the run has closed. @throws RunFailedError and the like */
  result(id: string): Promise<Payload | undefined>;
  describe(id: string): Promise<RunDescription>;
  /** What lists show of the run: costs no reading of its history. @throws RunNotFoundError */
  summary(id: string): Promise<RunSummary>;
  /** Events from number `from` on; with `follow` until the run has closed. */
  history(
    id: string,
    options: { readonly from: number; readonly follow: boolean },
  ): AsyncIterable<HistoryEvent>;
  list(
    filter: ListFilter,
    page: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<RunPage>;
  close(): Promise<void>;
}

/** Puts the number into each event. */
export function numbered(events: readonly Event[], first: number): HistoryEvent[] {
  return events.map((event, index) => ({ seq: first + index, ...event }));
}
