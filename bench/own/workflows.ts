/* The workflows that our own workloads run. */
import { activity, signal, sleep, workflow } from "daruma";
import type { Signal, Workflow } from "daruma";

const step = activity("step", async (n: number) => n + 1);

/** Times, in ms since the process began, at which every thousandth activity was done. Filled in this process only, never read by the workflow. */
export const marks: number[] = [];
const mark = activity("mark", async (n: number) => {
  marks.push(performance.now());
  return n + 1;
});

/** One run of very many activities; every thousandth leaves a mark. */
export const long: Workflow<number, number> = workflow("long", async (activities: number) => {
  let n = 0;
  while (n < activities) n = await (n % 1000 === 0 ? mark(n) : step(n));
  return n;
});

export const wake: Signal<number> = signal<number>("wake");

/** Sleeps for a day, or until it is woken. */
export const sleeper: Workflow<number, number> = workflow("sleeper", async () =>
  Promise.race([sleep("1d").then(() => 0), wake.receive()]),
);
