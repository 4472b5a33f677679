// Exercise 1 of the book's chapter on Temporal, before the change: two steps.
import { activity, workflow } from "daruma";
import type { Activity, AnyWorkflow } from "daruma";

export const stepA: Activity<[order: string], string> = activity("StepA", async (order) => `A ${order}`);
export const stepB: Activity<[order: string], string> = activity("StepB", async (order) => `B ${order}`);

export const before: AnyWorkflow = workflow("MyWorkflow", async (order: string) => [
  await stepA(order),
  await stepB(order),
]);
