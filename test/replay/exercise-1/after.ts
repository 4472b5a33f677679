// After the change: StepC has come between A and B, and StepB has become StepB2, with other parameters.
import { activity, defaultVersion, getVersion, patched, workflow } from "daruma";
import type { Activity, AnyWorkflow } from "daruma";
import { stepA, stepB } from "./before.ts";

export const stepC: Activity<[order: string], string> = activity("StepC", async (order) => `C ${order}`);
export const stepB2: Activity<[request: { order: string; express: boolean }], string> = activity(
  "StepB2",
  async ({ order, express }) => `B2 ${order}${express ? ", express" : ""}`,
);

export const after: AnyWorkflow = workflow("MyWorkflow", async (order: string) => {
  const done = [await stepA(order)];
  if (getVersion("insert_step_c_v1", defaultVersion, 1) >= 1) done.push(await stepC(order));
  done.push(patched("rename_step_b2_v1") ? await stepB2({ order, express: true }) : await stepB(order));
  return done;
});

/** What somebody would write who forgets that runs are open. */
export const careless: AnyWorkflow = workflow("MyWorkflow", async (order: string) => [
  await stepA(order),
  await stepC(order),
  await stepB2({ order, express: true }),
]);
