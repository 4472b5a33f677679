/** The errors of Daruma: the catalogue, the base class, the classes that users catch. Pages: `docs/errors/<CODE>.md`. */
export { ApplicationError, type ApplicationErrorOptions } from "./error-application.ts";
export { DarumaError, type DarumaErrorOptions } from "./error-base.ts";
export { catalogue, type CatalogEntry, type ErrorCode, isErrorCode } from "./error-catalog.ts";
export {
  type ActivityAttempt,
  ActivityError,
  type ActivityFacts,
  CanceledError,
  ChildError,
  NoQuorumError,
  quoted,
  TimeoutError,
  type TimeoutKind,
} from "./error-classes.ts";
export {
  ForbiddenCallError,
  type InputIssue,
  InvalidInputError,
  NonDeterminismError,
  PayloadError,
  type PayloadErrorCode,
  StrayAwaitError,
  UnknownWorkflowError,
  UpdateRejectedError,
} from "./error-classes-code.ts";
export {
  DuplicateRunError,
  RunCanceledError,
  RunClosedError,
  type RunErrorOptions,
  RunFailedError,
  RunNotFoundError,
  RunTerminatedError,
  RunTimedOutError,
} from "./error-classes-run.ts";
