/**
 * What an execution of a state machine and whoever serves it say to each other: the input of its run, its queries and its updates.
 *
 * An execution is one run of the workflow `asl` (or of a workflow of its own, when it is defined in code). For executions of the Step Functions API the
 * run's id is the execution's ARN. The run completes with the text of the output, or fails with an ApplicationError whose `type` is the error and whose
 * `details` are an {@link ExecutionFailure}.
 */
import { query, update } from "../../workflow/messages.ts";
import type { Query, Update } from "../../workflow/messages.ts";
import type { Json, JsonObject } from "./json.ts";

/** The name of the workflow that interprets state machines. */
export const workflowName = "asl";

export interface ExecutionInput {
  /** JSON text of the definition. */
  readonly definition: string;
  /** JSON text of the execution's input. */
  readonly input: string;
  readonly execution: {
    readonly arn: string;
    readonly name: string;
    readonly roleArn: string;
    readonly redriveCount?: number | undefined;
  };
  readonly machine: {
    readonly arn: string;
    readonly name: string;
    readonly type: "STANDARD" | "EXPRESS";
    readonly versionArn?: string | undefined;
    readonly aliasArn?: string | undefined;
    /** Which revision of the machine this is, for the API. */
    readonly revisionId?: string | undefined;
  };
  readonly account: string;
  readonly region: string;
  /** False: AWS's limits (256 KiB of data, 25,000 events) do not hold. */
  readonly awsLimits: boolean;
  /** Set in child executions of a Distributed Map. */
  readonly mapRunArn?: string | undefined;
  /** Set in child executions of a Distributed Map: the execution whose map run it is. */
  readonly parentArn?: string | undefined;
  readonly resume?: Resume | undefined;
  /** Of a redrive: the `clientToken` with which it was asked for. */
  readonly redriveToken?: string | undefined;
}

/** What a redrive goes on from: where the execution stood, how many events it had, and the run that knows the rest. */
export interface Resume {
  readonly position: Json;
  readonly events: number;
  readonly run: string;
}

/** `details` of the error with which a failed execution's run ends. */
export interface ExecutionFailure {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  /** True: the machine's TimeoutSeconds were over, and the execution is TIMED_OUT. */
  readonly timedOut?: boolean | undefined;
}

/** An event as GetExecutionHistory returns it, but for the timestamp, which is in epoch milliseconds. */
export type HistoryEvent = {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: number;
  readonly type: string;
  /** `…EventDetails` */
  readonly [details: string]: Json;
};

export interface EventsPage {
  readonly events: readonly HistoryEvent[];
  /** How many events there are in all. */
  readonly total: number;
}

/** The events from number `from` on (from 1), at most `count`, fewer if they are large; with `reverse` from the last one backwards, `from` counting from the end. */
export const eventsQuery: Query<EventsPage, [{ from: number; count: number; reverse?: boolean }]> =
  query("asl.events");

/**
 * Map runs of the execution, oldest first, in the shape of DescribeMapRun (dates in epoch milliseconds). `closedAt`: when the run was closed, if it is;
 * a run that was ended from outside does not know.
 */
export const mapRunsQuery: Query<readonly JsonObject[], [{ readonly closedAt?: number | undefined }]> =
  query("asl.mapRuns");

/** A child execution of a map run, as its map run knows it. */
export interface ChildRecord {
  /** Absent for one that has succeeded, if nobody asks for it again. */
  readonly place?: ChildPlace | undefined;
  /** Set if it has succeeded. */
  readonly output?: Json | undefined;
  /** Epoch milliseconds; of one that has succeeded. */
  readonly stopDate?: number | undefined;
  /** As what it is counted; absent while it runs, and for one that has succeeded. */
  readonly was?: "failed" | "timedOut" | "aborted" | undefined;
}

export interface ChildPlace {
  readonly arn: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startDate: number;
}

export interface ChildrenPage {
  /** In the order of their places; none: it knows no more. Null: not begun. */
  readonly children: readonly (ChildRecord | null)[];
  /** The run that the execution was redriven from, which knows those that this one has not come to. */
  readonly before?: string | undefined;
}

/** The activities whose results are pages of items: a redrive looks for them in histories. */
export const itemActivities = { read: "asl.readItems", reread: "asl.itemsBefore" } as const;

/** The children of a map run from a place on, for a redrive. */
export const childrenQuery: Query<ChildrenPage, [{ readonly mapRunArn: string; readonly from: number }]> =
  query("asl.children");

/** Where the execution stands, for a redrive. */
export const positionQuery: Query<Json> = query("asl.position");

/** SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat. */
export type TaskReport =
  | { readonly taskToken: string; readonly kind: "success"; readonly output: string }
  | {
      readonly taskToken: string;
      readonly kind: "failure";
      readonly error?: string | undefined;
      readonly cause?: string | undefined;
    }
  | { readonly taskToken: string; readonly kind: "heartbeat" };

/** Refused (`UpdateRejectedError`, its cause's message is `TaskTimedOut` or `TaskDoesNotExist`) if the token's task is over or unknown. */
export const reportUpdate: Update<TaskReport, void> = update("asl.report");

/** A worker takes a task of a Step Functions activity: answers its input (JSON text). Refused if another one has taken it or it is over. */
export const takeUpdate: Update<
  { readonly taskToken: string; readonly workerName?: string | undefined },
  { readonly input: string }
> = update("asl.take");

/** UpdateMapRun. Refused with the message that the API returns. */
export const mapRunUpdate: Update<
  {
    readonly mapRunArn: string;
    readonly maxConcurrency?: number | undefined;
    readonly toleratedFailureCount?: number | undefined;
    readonly toleratedFailurePercentage?: number | undefined;
  },
  void
> = update("asl.mapRun");

/** A task token: opaque to those who carry it, and it says which run it belongs to. */
export function runOfToken(token: string): string | undefined {
  return partsOfToken(token)[0];
}

/** What tells a token from all others of its run. */
export function secretOfToken(token: string): string | undefined {
  return partsOfToken(token)[1];
}

function partsOfToken(token: string): (string | undefined)[] {
  try {
    const parts = JSON.parse(atob(token)) as unknown;
    return Array.isArray(parts) && parts.every((part) => typeof part === "string") ? parts : [];
  } catch {
    return [];
  }
}
