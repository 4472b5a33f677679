/** Canceling an activity: its `AbortSignal` fires, and everything that takes one (fetch, child processes, timers) stops with it. */
import { setTimeout as delay } from "node:timers/promises";
import { activity, activityContext, cancelable, CanceledError, Daruma, TimeoutError, workflow } from "daruma";

const aborted: string[] = [];

const download = activity(
  "download",
  async (mirror: string, ms: number) => {
    const { signal } = activityContext();
    signal.addEventListener("abort", () => aborted.push(`${mirror}: ${(signal.reason as Error).name}`));
    await delay(ms, undefined, { signal }); // stands for fetch(url, { signal })
    return `from ${mirror}`;
  },
  { retry: { maximumAttempts: 1 } },
);

const fetchFile = workflow("fetch file", async () => {
  const seen: string[] = [];
  const see = (error: unknown): void => {
    if (error instanceof TimeoutError) seen.push(`${error.activity}: ${error.timeout} time-out`);
    if (error instanceof CanceledError) seen.push(`canceled: ${error.reason}`);
  };
  // A time-out of the activity aborts it.
  await download.with({ startToCloseTimeout: "30ms" })("mirror 1", 3_600_000).catch(see);
  // So does canceling the block that waits for it. The run goes on.
  const [slow, cancel] = cancelable(() => download("mirror 2", 3_600_000));
  seen.push(await download("mirror 3", 30));
  cancel("mirror 3 was faster");
  await slow.catch(see);
  return seen;
});

const daruma = await Daruma.open("memory:", { workflows: [fetchFile] });
const run = await daruma.start(fetchFile);
console.log("the workflow saw:", await run.result());
await daruma.close();
console.log("the activities saw:", aborted);

/* Output:
the workflow saw: [
  'download: start-to-close time-out',
  'from mirror 3',
  'canceled: mirror 3 was faster'
]
the activities saw: [ 'mirror 1: TimeoutError', 'mirror 2: CanceledError' ]
*/
