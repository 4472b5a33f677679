/** An activity that fails is called again, as its policy says; each call, and all of them together, can have a time limit. */
import { activity, activityContext, ActivityError, ApplicationError, Daruma, TimeoutError } from "daruma";
import { workflow } from "daruma";

/** Fails twice; the third call succeeds. The waits are 10 ms and 20 ms. */
const flaky = activity(
  "flaky",
  async () => {
    const { attempt } = activityContext();
    if (attempt < 3) throw new Error(`call ${attempt} failed`);
    return `call ${attempt} succeeded`;
  },
  {
    retry: { maximumAttempts: 3, backoff: { type: "exponential", initialInterval: "10ms", coefficient: 2 } },
  },
);

/** An error may say by itself that another call would not help, or when to call again (`retryAfter: "5m"`). */
const refused = activity("refused", async () => {
  throw new ApplicationError("no tokens left", { type: "QuotaError", nonRetryable: true });
});

/** Never ends by itself. `startToCloseTimeout` limits one call, `scheduleToCloseTimeout` all of them and the waits between. */
const slow = activity("slow", () => activityContext().sleep("1h"), {
  startToCloseTimeout: "30ms",
  retry: { maximumAttempts: 2, backoff: { type: "fixed", initialInterval: "10ms" } },
});

const tries = workflow("tries", async () => {
  const lines = [await flaky()];
  const once = flaky.with({ retry: { maximumAttempts: 1 } }); // other options for the calls made through it
  for (const call of [once, refused, slow]) {
    try {
      await call();
    } catch (error) {
      if (!(error instanceof ActivityError || error instanceof TimeoutError)) throw error;
      const what = error instanceof TimeoutError ? `the ${error.timeout} time-out` : error.name;
      lines.push(`${what} ended it after ${error.attempts?.length}`);
    }
  }
  return lines;
});

const daruma = await Daruma.open("memory:", { workflows: [tries] });
const run = await daruma.start(tries);
for (const line of await run.result()) console.log(line);
await daruma.close();

/* Output:
call 3 succeeded
Error ended it after 1
QuotaError ended it after 1
the start-to-close time-out ended it after 2
*/
