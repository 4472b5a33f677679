/** Task queues: how many activities of a kind run at once in this process. Work for one queue never waits for another's slots. */
import { activity, activityContext, Daruma, workflow } from "daruma";

const slots = { critical: 12, high: 10, default: 8, low: 4 };
type Queue = keyof typeof slots;

const running = new Map<Queue, number>();
const most = new Map<Queue, number>();

async function work(queue: Queue): Promise<void> {
  const now = (running.get(queue) ?? 0) + 1;
  running.set(queue, now);
  most.set(queue, Math.max(most.get(queue) ?? 0, now));
  await activityContext().sleep("20ms");
  running.set(queue, (running.get(queue) ?? 0) - 1);
}

const job = activity("job", work);

const batch = workflow("batch", async (queue: Queue) => {
  const call = job.with({ taskQueue: queue }); // or `taskQueue` where the activity is defined
  await Promise.all(Array.from({ length: 30 }, () => call(queue)));
});

const daruma = await Daruma.open("memory:", { workflows: [batch], taskQueues: slots });
const queues = Object.keys(slots) as Queue[];
const runs = await Promise.all(queues.map((queue) => daruma.start(batch, { input: queue })));
await Promise.all(runs.map((run) => run.result()));
for (const queue of queues) console.log(`${queue}: 30 jobs, at most ${most.get(queue)} at once`);
await daruma.close();

/* Output:
critical: 30 jobs, at most 12 at once
high: 30 jobs, at most 10 at once
default: 30 jobs, at most 8 at once
low: 30 jobs, at most 4 at once
*/
