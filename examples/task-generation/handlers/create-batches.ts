/** CreateBatches: at most 8 actions each, in their order, every action in exactly one of them. */
import type { Application } from "../application.ts";
import type { Batch } from "../types.ts";
import { batchesInput, read } from "./inputs.ts";

/** As many as a batch works on side by side. */
export const batchSize = 8;

export async function createBatches(
  app: Application,
  given: unknown,
): Promise<{ readonly batches: readonly Batch[] }> {
  const { actions, ...facts } = read(batchesInput, given);
  const count = Math.ceil(actions.length / batchSize);
  const batches = Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    actions: actions.slice(index * batchSize, (index + 1) * batchSize),
  }));
  app.log("INFO", "batches_created", { facts, details: { batchCount: count } });
  return { batches };
}
