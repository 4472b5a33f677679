/**
 * The workflow today: StepC has come between A and B, and StepB has become StepB2 with other parameters.
 * A run whose history shows that it passed such a point before keeps to the old way; every other run takes the new one.
 */
import { defaultVersion, getVersion, patched, type Workflow, workflow } from "daruma";
import { stepA, stepB, stepB2, stepC } from "./steps.ts";

export const fulfil: Workflow<string, void> = workflow("fulfil", async (order) => {
  await stepA(order);
  // Changes are named for what they do. `defaultVersion` is −1: "from before this change".
  if (getVersion("add_step_c_v1", defaultVersion, 1) >= 1) await stepC(order);
  // `patched(id)` is short for `getVersion(id, defaultVersion, 1) >= 1`.
  if (patched("step_b2_v1")) await stepB2({ order, express: true });
  else await stepB(order);
});
