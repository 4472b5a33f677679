// Workflows and activities that several tests use.
import { activity, signal, sleep, workflow, type Activity, type Signal, type Workflow } from "daruma";

export const greet: Activity<[name: string], string> = activity(
  "greet",
  async (name: string) => `Hello, ${name}!`,
);
export const approve: Signal<string> = signal<string>("approve");

/** Greets, waits a month, greets again. */
export const month: Workflow<string, string[]> = workflow("month", async (name: string) => {
  const first = await greet(name);
  await sleep("30d");
  return [first, await greet(`${name} again`)];
});

/** Waits for an approval, for a week at most. */
export const approval: Workflow<void, string> = workflow("approval", async () =>
  approve.receive({ timeout: "7d" }),
);
