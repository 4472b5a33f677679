/** Canceling an activity: its `AbortSignal` fires, and everything that takes one (fetch, child processes, …) stops with it. */
import { setTimeout as delay } from "node:timers/promises";
import { activity, activityContext, cancelable, CanceledError, Daruma, signal, workflow } from "daruma";

const log: string[] = [];

const download = activity(
  "download",
  async (file: string) => {
    const { signal } = activityContext();
    try {
      await delay(3_600_000, undefined, { signal }); // stands for fetch(url, { signal })
    } catch {
      log.push(`${file}: ${String((signal.reason as Error).message.split("\n")[0])}`);
    }
    return "this comes too late to count";
  },
  { startToCloseTimeout: "50ms", retry: { maximumAttempts: 1 } },
);

const stop = signal("stop");

const fetchAll = workflow("fetch all", async () => {
  // A time-out aborts as well.
  await download("slow.zip").catch((error: unknown) => log.push(`workflow: ${(error as Error).name}`));
  // A block that can be canceled by itself; the run goes on.
  const [block, cancel] = cancelable(() => download.with({ startToCloseTimeout: "1h" })("big.zip"));
  const outcome = block.catch((error: unknown) => (error instanceof CanceledError ? "canceled" : "failed"));
  await stop.receive();
  cancel("enough");
  return outcome;
});

const daruma = await Daruma.open("memory:", { workflows: [fetchAll] });
const run = await daruma.start(fetchAll);
await run.signal(stop);
log.push(`run: ${await run.result()}`);
await daruma.close();
for (const line of log) console.log(line);

/* Output:
*/
