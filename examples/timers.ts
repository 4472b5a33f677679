/** Time: waiting durably, limits on blocks, limits on runs. A 90-day sleep is one row in the store, not a process. */
import {
  activity,
  activityContext,
  Daruma,
  RunTimedOutError,
  sleep,
  sleepUntil,
  TimeoutError,
  withTimeout,
  workflow,
} from "daruma";

const crawl = activity("crawl", () => activityContext().sleep("1h"));

const patient = workflow("patient", async () => {
  const before = Date.now(); // inside a workflow: the time of the event that is being handled, the same on every replay
  await sleep("50ms");
  await sleepUntil(new Date(Date.now() + 50));
  return Date.now() - before >= 100 ? "waited at least 100 ms" : "too early";
});

const limited = workflow("limited", async () => {
  try {
    return await withTimeout("50ms", async () => {
      await crawl(); // canceled when the block is over; its AbortSignal fires
      return "done";
    });
  } catch (error) {
    if (error instanceof TimeoutError) return `${error.timeout} time-out after ${error.timeoutMs} ms`;
    throw error;
  }
});

/** A limit on the whole run: it closes as `timed_out`, whatever it is doing. */
const hopeless = workflow("hopeless", () => sleep("90d"), { timeout: "50ms" });

const daruma = await Daruma.open("memory:", { workflows: [patient, limited, hopeless] });
console.log(await (await daruma.start(patient)).result());
console.log(await (await daruma.start(limited)).result());
const run = await daruma.start(hopeless, { id: "h-1" });
try {
  await run.result();
} catch (error) {
  if (error instanceof RunTimedOutError) console.log(error.code, (await run.describe()).status);
}
await daruma.close();

/* Output:
waited at least 100 ms
block time-out after 50 ms
DRM-RUN-TIMED-OUT timed_out
*/
