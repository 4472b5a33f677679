/**
 * Which errors of SQLite end the store.
 *
 * After one failed write to the disk SQLite reports the next commits as fine although they may not be. So every error ends the store for good, save
 * the few that say that a statement was refused and nothing else happened.
 */
import { DarumaError } from "../../core/errors.ts";

const busy = 5;
const locked = 6;
const tooBig = 18;
const constraint = 19;
const notADatabase = 26;

/** SQLite's primary result code, if the error is one of SQLite's. https://sqlite.org/rescode.html */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  // The low byte of an extended code is the primary one.
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** True if the store must not be used after this error. */
export function endsStore(error: unknown): boolean {
  if (error instanceof DarumaError) return error.code === "DRM-STORE-FAILED";
  const code = resultCode(error);
  return code !== undefined && code !== tooBig && code !== constraint;
}

/** The error that callers get for an operation that failed on an open store. */
export function operationError(error: unknown, path: string): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  if (code === tooBig) {
    const message = "A text is larger than SQLite can keep in one row.";
    return new DarumaError("DRM-PAYLOAD-TOO-LARGE", {
      message,
      expected: "less than 1,000,000,000 bytes",
      cause: error,
    });
  }
  if (code === constraint) {
    return new DarumaError("DRM-INTERNAL", {
      message: `The database refused a write: ${text(error)}.`,
      cause: error,
    });
  }
  return failed(path, error);
}

/** The error of a store that cannot go on. */
export function failed(path: string, cause: unknown): DarumaError {
  return new DarumaError("DRM-STORE-FAILED", {
    message: `The database "${path}" could not be read or written (${text(cause)}). The process must stop.`,
    subject: path,
    cause,
  });
}

/** The error for a file that could not be opened. */
export function openError(error: unknown, path: string): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  if (code === busy || code === locked) {
    const message = `The database "${path}" is in use: another process, or another store in this one, has it open.`;
    return new DarumaError("DRM-STORE-BUSY", { message, subject: path, cause: error });
  }
  if (code === notADatabase) {
    return new DarumaError("DRM-STORE-SCHEMA", {
      message: `"${path}" is not a SQLite database.`,
      subject: path,
      fix: "Name another file. This one was not changed.",
      cause: error,
    });
  }
  return failed(path, error);
}
