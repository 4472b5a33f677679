/**
 * A state machine's definition as its JSON says it (Amazon States Language specification, https://states-language.net/spec.html, with AWS's additions of
 * November 2024: JSONata, variables). What is here has passed the check; fields that may hold a JSONata expression are `Expr<T>`.
 */
import type { Json, JsonObject } from "./json.ts";

export type QueryLanguage = "JSONPath" | "JSONata";

/** A value, or a string `{% … %}` that evaluates to one. */
export type Expr<T> = T | string;

/** A state machine, or the processor of a Map state, or a branch of a Parallel state. */
export interface Machine {
  readonly Comment?: string;
  readonly QueryLanguage?: QueryLanguage;
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State };
  readonly TimeoutSeconds?: number;
  readonly Version?: string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL" | "NONE";
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
  readonly Output?: Json;
  readonly Assign?: JsonObject;
}

/** Fields of every state. */
interface StateBase {
  readonly Comment?: string;
  readonly QueryLanguage?: QueryLanguage;
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
  readonly Output?: Json;
  readonly Assign?: JsonObject;
}

interface Transition {
  readonly Next?: string;
  readonly End?: boolean;
}

/** What states with a result do with it. */
interface ResultFields {
  readonly Parameters?: Json;
  readonly Arguments?: Json;
  readonly ResultSelector?: JsonObject;
  readonly ResultPath?: string | null;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface PassState extends StateBase, Transition {
  readonly Type: "Pass";
  readonly Result?: Json;
  readonly Parameters?: Json;
  readonly ResultPath?: string | null;
}

export interface TaskState extends StateBase, Transition, ResultFields {
  readonly Type: "Task";
  readonly Resource: string;
  readonly TimeoutSeconds?: Expr<number>;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: Expr<number>;
  readonly HeartbeatSecondsPath?: string;
  readonly Credentials?: JsonObject;
}

/** A JSONPath choice rule: `And`, `Or`, `Not`, or `Variable` with one comparison; a JSONata rule has `Condition`. */
export interface ChoiceRule {
  readonly Condition?: Expr<boolean>;
  readonly Variable?: string;
  readonly And?: readonly ChoiceRule[];
  readonly Or?: readonly ChoiceRule[];
  readonly Not?: ChoiceRule;
  readonly Next?: string;
  readonly Assign?: JsonObject;
  readonly Output?: Json;
  readonly [comparison: string]: unknown;
}

export interface ChoiceState extends StateBase {
  readonly Type: "Choice";
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface WaitState extends StateBase, Transition {
  readonly Type: "Wait";
  readonly Seconds?: Expr<number>;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}

export interface SucceedState extends StateBase {
  readonly Type: "Succeed";
}

export interface FailState extends StateBase {
  readonly Type: "Fail";
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

export interface ParallelState extends StateBase, Transition, ResultFields {
  readonly Type: "Parallel";
  readonly Branches: readonly Machine[];
}

export interface ProcessorConfig {
  readonly Mode?: "INLINE" | "DISTRIBUTED";
  readonly ExecutionType?: "STANDARD" | "EXPRESS";
}

export interface ItemReader {
  readonly Resource: string;
  readonly Parameters?: JsonObject;
  readonly Arguments?: Json;
  readonly ReaderConfig?: {
    readonly InputType?: "CSV" | "JSON" | "JSONL" | "MANIFEST" | "PARQUET";
    readonly CSVHeaderLocation?: "FIRST_ROW" | "GIVEN";
    readonly CSVHeaders?: readonly string[];
    readonly CSVDelimiter?: "COMMA" | "PIPE" | "SEMICOLON" | "SPACE" | "TAB";
    readonly ItemsPointer?: string;
    readonly ManifestType?: "ATHENA_DATA" | "S3_INVENTORY";
    readonly Transformation?: "NONE" | "LOAD_AND_FLATTEN";
    readonly MaxItems?: Expr<number>;
    readonly MaxItemsPath?: string;
  };
}

export interface ItemBatcher {
  readonly MaxItemsPerBatch?: Expr<number>;
  readonly MaxItemsPerBatchPath?: string;
  readonly MaxInputBytesPerBatch?: Expr<number>;
  readonly MaxInputBytesPerBatchPath?: string;
  readonly BatchInput?: Json;
}

export interface ResultWriter {
  readonly Resource?: string;
  readonly Parameters?: JsonObject;
  readonly Arguments?: Json;
  readonly WriterConfig?: {
    readonly Transformation?: "NONE" | "COMPACT" | "FLATTEN";
    readonly OutputType?: "JSON" | "JSONL";
  };
}

export interface MapState extends StateBase, Transition, ResultFields {
  readonly Type: "Map";
  readonly ItemProcessor?: Machine & { readonly ProcessorConfig?: ProcessorConfig };
  /** The older spelling of `ItemProcessor`. */
  readonly Iterator?: Machine & { readonly ProcessorConfig?: ProcessorConfig };
  readonly ItemsPath?: string;
  readonly Items?: Expr<readonly Json[]>;
  readonly ItemSelector?: Json;
  readonly ItemReader?: ItemReader;
  readonly ItemBatcher?: ItemBatcher;
  readonly ResultWriter?: ResultWriter;
  readonly MaxConcurrency?: Expr<number>;
  readonly MaxConcurrencyPath?: string;
  readonly ToleratedFailurePercentage?: Expr<number>;
  readonly ToleratedFailurePercentagePath?: string;
  readonly ToleratedFailureCount?: Expr<number>;
  readonly ToleratedFailureCountPath?: string;
  readonly Label?: string;
}

export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;
