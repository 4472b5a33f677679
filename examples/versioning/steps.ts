/** The activities of all versions. Old ones stay for as long as a run may still call them. */
import { type Activity, activity, activityContext } from "daruma";

const say = (text: string): void => console.log(`  ${text}`);

export const stepA: Activity<[order: string], void> = activity("StepA", async (order) =>
  say(`StepA(${order})`),
);

export const stepC: Activity<[order: string], void> = activity("StepC", async (order) =>
  say(`StepC(${order})`),
);

/** Is slow: its first attempt is still at work when the process ends. */
export const stepB: Activity<[order: string], void> = activity("StepB", async (order) => {
  const context = activityContext();
  say(`StepB(${order}), attempt ${context.attempt}`);
  if (context.attempt === 1) await context.sleep("1h");
});

/** What StepB became: another name, other parameters. */
export const stepB2: Activity<[{ order: string; express: boolean }], void> = activity(
  "StepB2",
  async (request) => say(`StepB2(${JSON.stringify(request)})`),
);
