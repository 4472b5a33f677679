/** The errors that point at definitions, values or workflow code: what a developer repairs. */
import { DarumaError, type DarumaErrorOptions, nameClass, setFields } from "./error-base.ts";
import { quoted } from "./error-classes.ts";
import type { ErrorCode } from "./error-catalog.ts";

/** The common parts, all optional, plus the fields of the class. */
type Options<Fields> = Partial<DarumaErrorOptions> & Fields;

/** No workflow of this name is registered here. */
export class UnknownWorkflowError extends DarumaError {
  declare readonly workflow: string;
  static {
    nameClass(this, "UnknownWorkflowError");
  }
  constructor(options: Options<{ readonly workflow: string; readonly known?: readonly string[] }>) {
    const { workflow, known = [] } = options;
    super("DRM-UNKNOWN-WORKFLOW", {
      message: `There is no workflow ${quoted(workflow)}.`,
      subject: workflow,
      expected: known.length === 0 ? undefined : `one of ${known.map(quoted).join(", ")}`,
      ...options,
    });
    setFields(this, { workflow });
  }
}

/** One thing that is wrong with a value; `path` is like `$.user.name`, `$` for the whole. */
export interface InputIssue {
  readonly path: string;
  readonly message: string;
}

const shownIssues = 10;

/** A value does not fit its schema. `issues` lists everything that is wrong with it. */
export class InvalidInputError extends DarumaError {
  declare readonly issues: readonly InputIssue[];
  static {
    nameClass(this, "InvalidInputError");
  }
  constructor(options: Options<{ readonly issues: readonly InputIssue[] }>) {
    const { issues, subject } = options;
    const shown = issues.slice(0, shownIssues).map(({ path, message }) => `${path}: ${message}`);
    const more = issues.length > shownIssues ? `; and ${issues.length - shownIssues} more` : "";
    super("DRM-INVALID-INPUT", {
      message: `${subject === undefined ? "The value" : `The value for ${quoted(subject)}`} does not fit its schema.`,
      found: shown.length === 0 ? undefined : shown.join("; ") + more,
      ...options,
    });
    setFields(this, { issues: [...issues] });
  }
}

/** The codes that a PayloadError can have. */
export type PayloadErrorCode = Extract<ErrorCode, `DRM-PAYLOAD-${string}`>;

/** A value cannot be stored or read. `path` says where in the value (`$.user.socket`). Never worth a retry. */
export class PayloadError extends DarumaError {
  declare readonly code: PayloadErrorCode;
  declare readonly path?: string;
  declare readonly nonRetryable: true;
  static {
    nameClass(this, "PayloadError");
  }
  constructor(options: Options<{ readonly code: PayloadErrorCode; readonly path?: string | undefined }>) {
    const { code, path } = options;
    const { subject = "The value" } = options;
    super(code, { message: `${subject} cannot be stored.`, ...options });
    setFields(this, { path, nonRetryable: true });
  }
}

/** The validator of an update refused it: `cause` is what the validator threw. */
export class UpdateRejectedError extends DarumaError {
  declare readonly update: string;
  declare readonly runId?: string;
  static {
    nameClass(this, "UpdateRejectedError");
  }
  constructor(options: Options<{ readonly update: string; readonly runId?: string | undefined }>) {
    const { update, runId, cause } = options;
    const why = cause instanceof Error ? `: ${cause.message}` : ".";
    super("DRM-UPDATE-REJECTED", {
      message: `The update ${quoted(update)} was refused${why}`,
      subject: update,
      ...options,
    });
    setFields(this, { update, runId });
  }
}

/** Replayed code asked for something else than its history holds. `site` is the call as file:line:column. */
export class NonDeterminismError extends DarumaError {
  declare readonly expected: string;
  declare readonly found: string;
  declare readonly site?: string;
  static {
    nameClass(this, "NonDeterminismError");
  }
  constructor(
    options: Options<{
      readonly expected: string;
      readonly found: string;
      readonly site?: string | undefined;
    }>,
  ) {
    const { site } = options;
    const where = site === undefined ? "." : ` at ${site}.`;
    super("DRM-NONDETERMINISM", {
      message: `The code does not fit the recorded history${where}`,
      ...options,
    });
    setFields(this, { site });
  }
}

/** Workflow code waits for something that is no durable call. `site` is the place as file:line:column, if known. */
export class StrayAwaitError extends DarumaError {
  declare readonly site?: string;
  static {
    nameClass(this, "StrayAwaitError");
  }
  constructor(options: Options<{ readonly site?: string | undefined }> = {}) {
    const { site } = options;
    const where = site === undefined ? "." : ` at ${site}.`;
    super("DRM-STRAY-AWAIT", {
      message: `The workflow waits for something that is not a durable call${where}`,
      ...options,
    });
    setFields(this, { site });
  }
}

/** Workflow code made a call that is not deterministic: `call` is its name, such as `setTimeout` or `fetch`. */
export class ForbiddenCallError extends DarumaError {
  declare readonly call: string;
  declare readonly site?: string;
  static {
    nameClass(this, "ForbiddenCallError");
  }
  constructor(options: Options<{ readonly call: string; readonly site?: string | undefined }>) {
    const { call, site } = options;
    const where = site === undefined ? "." : ` at ${site}.`;
    super("DRM-FORBIDDEN-CALL", {
      message: `A workflow may not call ${call}${where}`,
      subject: call,
      ...options,
    });
    setFields(this, { call, site });
  }
}
