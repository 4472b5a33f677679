/**
 * What a state machine needs of the world beyond its own workflow: handlers and services that tasks call, the items of Distributed Map, the evaluator of
 * JSONata expressions that must not be evaluated on the engine's thread. Each function here runs as a durable activity, so its arguments and results are plain data.
 * A failure is a StatesError: its `error` is what `Retry` and `Catch` compare.
 */
import type { ChildRecord, Resume } from "./execution.ts";
import type { Json, JsonObject } from "./json.ts";

/** Facts about the execution that asks. */
export interface CallContext {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly stateName: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** One call of a task's resource. */
export interface TaskCall {
  /** As the definition says it, without `.sync`, `.sync:2` and `.waitForTaskToken`: an ARN such as `arn:aws:states:::sqs:sendMessage`, or a function's ARN. */
  readonly resource: string;
  /** What Parameters or Arguments evaluated to, else the state's input. */
  readonly input: Json;
  /** The token for a `.waitForTaskToken` task; it is in `input` where the definition put it. */
  readonly taskToken?: string | undefined;
  readonly context: CallContext;
}

/** What a call can use while it runs. */
export interface CallOptions {
  /** Aborted when the execution is stopped or the task's time is over. */
  readonly signal: AbortSignal;
  /** The same for every repeat of this call after a crash. */
  readonly idempotencyKey: string;
}

/** Where Distributed Map's items come from: the reader's resource and evaluated parameters. */
export interface ItemsCall {
  /** `arn:aws:states:::s3:getObject` or `arn:aws:states:::s3:listObjectsV2`. */
  readonly resource: string;
  /** `Bucket`, `Key`, `Prefix`, …; a bucket that begins with `file:` is a local folder. */
  readonly parameters: JsonObject;
  /** ReaderConfig with everything evaluated. */
  readonly config: JsonObject;
  readonly maxItems?: number | undefined;
  /** Where to go on; undefined at the beginning. */
  readonly cursor?: string | undefined;
  /** Whose items they are. */
  readonly mapRunArn?: string | undefined;
  readonly context: CallContext;
}

export interface ItemsPage {
  readonly items: readonly Json[];
  /** Undefined: that was all. */
  readonly cursor?: string | undefined;
}

/** Where to go on reading what was read before a redrive: from which event of which run. `origin`: where that run had its pages from itself. */
export interface PageBefore {
  readonly run: string;
  readonly from: number;
  readonly origin?: PageBefore | undefined;
}

/** The items of a map run that was redriven, as they were read the first time. */
export interface ItemsBeforeCall {
  readonly mapRunArn: string;
  readonly place: PageBefore;
}

/** A page that was read before. `cursor` as in {@link ItemsPage}, `next`: where to look for the next page. */
export interface ItemsBefore extends ItemsPage {
  readonly next: PageBefore;
}

/** The children of a map run that was redriven, from a place on. */
export interface ChildrenBeforeCall {
  /** The run that it is redriven from. */
  readonly run: string;
  readonly mapRunArn: string;
  readonly from: number;
  /** Children that start anew instead of going on where they stood. */
  readonly express: boolean;
}

export interface ChildrenBefore {
  /** In the order of their places. None: there are no more. Null: not begun. */
  readonly children: readonly (ChildBefore | null)[];
}

/** A child as the redrive finds it: `output` if it has succeeded, else `resume` if it can be redriven, else how it ended for good. */
export interface ChildBefore extends ChildRecord {
  /** `number`: which redrive of the child comes next. */
  readonly resume?: (Resume & { readonly number: number }) | undefined;
  readonly end?:
    | {
        readonly status: "FAILED" | "TIMED_OUT" | "ABORTED";
        readonly error?: string | undefined;
        readonly cause?: string | undefined;
      }
    | undefined;
}

/** One object to be written by a ResultWriter. */
export interface WriteCall {
  readonly bucket: string;
  readonly key: string;
  readonly body: string;
  readonly contentType: string;
  readonly context: CallContext;
}

/** A batch of JSONata expressions with one set of bindings; see `jsonata/`. */
export interface EvaluationCall {
  readonly expressions: readonly string[];
  /** What the names without `$` are bound to: `states`, and the variables. Only those that the expressions mention. */
  readonly bindings: { readonly [name: string]: Json };
  /** Seeds `$random()` and `$uuid()`, so that a repeat gives the same. */
  readonly seed: string;
  /** What `$now()` and `$millis()` say, epoch milliseconds. */
  readonly now: number;
}

/** One answer per expression, in their order. */
export type EvaluationAnswer =
  | { readonly value: Json }
  | { readonly undefined: true }
  /** `message` as JSONata says it, with its code in front where it has one: `T1006: Attempted to invoke a non-function`. */
  | { readonly error: string };

/** A task of a Step Functions activity (not a Daruma activity) that waits for a worker. */
export interface OfferCall {
  readonly activityArn: string;
  readonly taskToken: string;
  readonly context: CallContext;
}

/** A task is about to start an execution (`states:startExecution`). */
export interface ResolveCall {
  /** Of the state machine, a version or an alias; or the name of a machine in code. */
  readonly arn: string;
  /** What the execution is to be called; absent: nobody cares. */
  readonly name?: string | undefined;
  /** The id of the run that starts it. */
  readonly starter: string;
}

/** What `states:startExecution` needs to know of the state machine that it starts. */
export interface ResolvedMachine {
  /** Set for a workflow that is no state machine: it is started with the input as it is, and the fields of a definition mean nothing. */
  readonly workflow?: string | undefined;
  /** JSON text. */
  readonly definition: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly versionArn?: string | undefined;
  readonly aliasArn?: string | undefined;
  /** Which revision of the machine this is, for the API. */
  readonly revisionId?: string | undefined;
  /** What the execution must be called if the task does not say: somebody expects it under this name. Absent: anything. */
  readonly executionName?: string | undefined;
}

export interface TaskHost {
  /** Calls the resource. @throws StatesError */
  invoke(call: TaskCall, options: CallOptions): Promise<Json>;
  /** Reads some items. @throws StatesError States.ItemReaderFailed */
  readItems(call: ItemsCall, options: CallOptions): Promise<ItemsPage>;
  /** A page of items as it was read before the redrive; undefined: no more was read. */
  itemsBefore(call: ItemsBeforeCall, options: CallOptions): Promise<ItemsBefore | undefined>;
  /** What there was of children before the redrive. Waits for those that are still at their end. */
  childrenBefore(call: ChildrenBeforeCall, options: CallOptions): Promise<ChildrenBefore>;
  /** Writes one object. @throws StatesError States.ResultWriterFailed */
  write(call: WriteCall, options: CallOptions): Promise<void>;
  evaluate(call: EvaluationCall): Promise<readonly EvaluationAnswer[]>;
  /** Holds a task out to workers until the signal is aborted, which is when one has taken it. */
  offer(call: OfferCall, options: CallOptions): Promise<void>;
  /** True if an activity with this ARN exists. */
  hasActivity(arn: string): Promise<boolean>;
  /** The state machine that is to be started. It may never be: the task may fail, or its run be ended first. @throws StatesError StateMachineDoesNotExist */
  resolve(call: ResolveCall, options: CallOptions): Promise<ResolvedMachine>;
}
