/**
 * What a state fails with: the error name that `Retry` and `Catch` compare, and the cause that people read.
 * Names with the prefix `States.` are those of the Amazon States Language specification, "Errors".
 */

/** The reserved names that are used here. */
export type ReservedError =
  | "States.ALL"
  | "States.BranchFailed"
  | "States.DataLimitExceeded"
  | "States.ExceedToleratedFailureThreshold"
  | "States.HeartbeatTimeout"
  | "States.Http.Socket"
  | "States.IntrinsicFailure"
  | "States.ItemReaderFailed"
  | "States.NoChoiceMatched"
  | "States.ParameterPathFailure"
  | "States.Permissions"
  | "States.QueryEvaluationError"
  | "States.ResultPathMatchFailure"
  | "States.ResultWriterFailed"
  | "States.Runtime"
  | "States.TaskFailed"
  | "States.Timeout";

export interface StatesErrorOptions {
  /** What a person is to know. AWS puts "An error occurred while executing the state …" before it for errors of the language; the interpreter adds that. */
  readonly cause?: string | undefined;
  /** The field whose evaluation failed, such as `Output/result`, or "" if there is none; only for errors of expressions. */
  readonly location?: string | undefined;
  /** True for errors of the language itself (a path, an expression), whose cause gets the state's name in front. */
  readonly inState?: boolean | undefined;
  /** True if the expression itself was fine and the state could not use its value: its event then follows the state's own entry. */
  readonly entered?: boolean | undefined;
}

/** A failure inside a state machine. `error` may be undefined: a Fail state need not give one. */
export class StatesError extends Error {
  override readonly name: string = "StatesError";
  readonly error: ReservedError | (string & {}) | undefined;
  readonly causeText: string | undefined;
  readonly location: string | undefined;
  readonly inState: boolean;
  readonly entered: boolean;

  constructor(
    error: ReservedError | (string & {}) | undefined,
    { cause, location, inState = false, entered = false }: StatesErrorOptions = {},
  ) {
    super(cause ?? error ?? "");
    this.error = error;
    this.causeText = cause;
    this.location = location;
    this.inState = inState;
    this.entered = entered;
  }
}
