/** Objects that a ResultWriter writes. */
import { StatesError } from "../../notations/asl/states-error.ts";
import type { CallOptions, WriteCall } from "../../notations/asl/task-host.ts";
import { optimizedFailure, ServiceFailure } from "./failure.ts";
import { stopped } from "./handlers.ts";
import { storeOf } from "./s3/choose.ts";
import type { World } from "./world.ts";

/** Whole or not at all. @throws StatesError States.ResultWriterFailed */
export async function writeObject(call: WriteCall, { signal }: CallOptions, world: World): Promise<void> {
  const { bucket, key, body, contentType } = call;
  try {
    const store = await storeOf(bucket, world);
    await store.put({ bucket, key }, Buffer.from(body), { contentType, signal });
  } catch (error) {
    throw signal.aborted ? stopped() : failureOf(error);
  }
}

function failureOf(error: unknown): StatesError {
  if (error instanceof StatesError && error.error === "States.Runtime") return error;
  const cause = error instanceof ServiceFailure ? optimizedFailure("s3", error.facts).causeText : undefined;
  return new StatesError("States.ResultWriterFailed", {
    cause: cause ?? (error instanceof Error ? error.message : String(error)),
  });
}
