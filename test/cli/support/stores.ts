/** Stores with runs in them, with a worker and without one. */
import { onTestFinished } from "vitest";
import { Daruma } from "daruma";
import type { AnyWorkflow } from "daruma";
import * as flows from "../modules/flows.ts";
import { inNewStore } from "./world.ts";
import type { InStore } from "./world.ts";

/** The workflows of `modules/flows.ts`. */
export const workflows: readonly AnyWorkflow[] = Object.values(flows).filter(
  (one) => one.kind === "workflow",
);

/** A store whose runs a worker moves. */
export async function withWorker(): Promise<InStore & { readonly worker: Daruma }> {
  const world = inNewStore();
  const worker = await Daruma.open(world.store, { workflows, drain: 0, telemetry: () => {} });
  onTestFinished(() => worker.close());
  return { ...world, worker };
}

/** A store with an open run `w` of the workflow `waiting`, and no worker. */
export async function withOpenRun(): Promise<InStore> {
  const world = inNewStore();
  const worker = await Daruma.open(world.store, { workflows, drain: 0, telemetry: () => {} });
  const run = await worker.start(flows.waiting, { id: "w", input: "mika" });
  while ((await run.describe()).historyLength < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await worker.close();
  return world;
}
