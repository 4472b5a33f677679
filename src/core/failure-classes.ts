/** Which classes come back as instances of themselves when a stored error is read: JavaScript's own, and Daruma's. */
import * as errors from "./errors.ts";

/** JavaScript's classes whose constructor takes a message. */
export const builtinClasses: ReadonlyMap<string, new (message: string) => Error> = new Map(
  [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError].map((each) => [
    each.name,
    each,
  ]),
);

/** A class of Daruma; what the stored properties lack, its constructor fills in. */
type Restorable = new (options: never) => Error;

const classes: Readonly<Record<string, Restorable>> = {
  ActivityError: errors.ActivityError,
  TimeoutError: errors.TimeoutError,
  CanceledError: errors.CanceledError,
  ChildError: errors.ChildError,
  NoQuorumError: errors.NoQuorumError,
  RunFailedError: errors.RunFailedError,
  RunCanceledError: errors.RunCanceledError,
  RunTimedOutError: errors.RunTimedOutError,
  RunTerminatedError: errors.RunTerminatedError,
  DuplicateRunError: errors.DuplicateRunError,
  RunNotFoundError: errors.RunNotFoundError,
  RunClosedError: errors.RunClosedError,
  UnknownWorkflowError: errors.UnknownWorkflowError,
  InvalidInputError: errors.InvalidInputError,
  PayloadError: errors.PayloadError,
  UpdateRejectedError: errors.UpdateRejectedError,
  NonDeterminismError: errors.NonDeterminismError,
  StrayAwaitError: errors.StrayAwaitError,
  ForbiddenCallError: errors.ForbiddenCallError,
};

const kindOfPrototype = new Map<unknown, string>([
  [errors.DarumaError.prototype, "DarumaError"],
  [errors.ApplicationError.prototype, "ApplicationError"],
  ...Object.entries(classes).map(([kind, { prototype }]): [unknown, string] => [prototype, kind]),
]);

/** The class of Daruma that the error is an instance of, the most special one; undefined if none. */
export function kindOf(error: object): string | undefined {
  let prototype: unknown = Object.getPrototypeOf(error);
  // A proxy can give prototypes without an end.
  for (let depth = 0; depth < 20 && typeof prototype === "object" && prototype !== null; depth++) {
    const kind = kindOfPrototype.get(prototype);
    if (kind !== undefined) return kind;
    prototype = Object.getPrototypeOf(prototype);
  }
  return undefined;
}

/** What is known of a stored error of a class of Daruma. */
export interface StoredParts {
  readonly kind: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

function constructKnown(parts: StoredParts): Error | undefined {
  const { kind, message, code, fields } = parts;
  if (kind === "ApplicationError") {
    return new errors.ApplicationError(
      message,
      typeof fields["type"] === "string" ? { type: fields["type"] } : {},
    );
  }
  if (!errors.isErrorCode(code)) return undefined;
  const options = { ...fields, message, code };
  if (kind === "DarumaError") return new errors.DarumaError(code, options);
  const restorable = Object.hasOwn(classes, kind) ? classes[kind] : undefined;
  return restorable === undefined ? undefined : new restorable(options as never);
}

/** A new instance of the class `kind`; undefined if this version does not know it, or the fields do not fit it. */
export function construct(parts: StoredParts): Error | undefined {
  try {
    return constructKnown(parts);
  } catch {
    return undefined;
  }
}
