/** How reading of items fails. */
import { StatesError } from "../../../notations/asl/states-error.ts";
import { optimizedFailure, ServiceFailure } from "../failure.ts";

export function readerFailure(cause: string): StatesError {
  return new StatesError("States.ItemReaderFailed", { cause });
}

/** AWS's words for data that is no list. */
export function notIterable(): StatesError {
  return readerFailure("Attempting to map over non-iterable node.");
}

/** Failures of the storage become failures of the reader; those that say that something is not set up stay. */
export function asReaderFailure(error: unknown): unknown {
  if (error instanceof ServiceFailure) {
    const { code, facts } = { code: error.facts.code, facts: error.facts };
    if (code === "PreconditionFailed")
      return readerFailure("The object has changed while it was being read.");
    return readerFailure(optimizedFailure("s3", facts).causeText ?? facts.message);
  }
  if (error instanceof StatesError) {
    return error.error?.endsWith("SdkClientException") === true ? readerFailure(error.message) : error;
  }
  return readerFailure(error instanceof Error ? error.message : String(error));
}
