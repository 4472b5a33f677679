/** The workflow as it was when the first runs were started. In a real project this is only in the version control. */
import { type Workflow, workflow } from "daruma";
import { stepA, stepB } from "./steps.ts";

export const oldFulfil: Workflow<string, void> = workflow("fulfil", async (order) => {
  await stepA(order);
  await stepB(order);
});
