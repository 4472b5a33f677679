/** An activity that fails is called again, as its policy says; each call, and all of them together, can have a time limit. */
import { activity, activityContext, ActivityError, ApplicationError, Daruma, TimeoutError, workflow } from "daruma";

const backoff = { type: "exponential", initialInterval: "10ms", coefficient: 2, maximumInterval: "1s" } as const;

/** Fails twice; the third call succeeds. */
const flaky = activity(
  "flaky",
  async () => {
    const { attempt } = activityContext();
    if (attempt < 3) throw new Error(`call ${attempt} failed`);
    return `call ${attempt} succeeded`;
  },
  { retry: { maximumAttempts: 3, backoff } },
);

/** Says by itself that another call would not help. `nonRetryableErrors: ["QuotaError"]` in the policy would say the same. */
const refused = activity("refused", async () => {
  throw new ApplicationError("no tokens left", { type: "QuotaError", nonRetryable: true, details: { left: 0 } });
});

/** Says by itself when it wants to be called again. */
const later = activity("later", async () => {
  const { attempt } = activityContext();
  if (attempt === 1) throw new ApplicationError("busy", { retryAfter: "20ms" });
  return `after ${attempt} calls`;
});

/** Never ends by itself; `startToCloseTimeout` limits one call, `scheduleToCloseTimeout` all calls and the waits between them. */
const slow = activity("slow", () => activityContext().sleep("1h"), {
  startToCloseTimeout: "30ms",
  retry: { maximumAttempts: 2, backoff: { type: "fixed", initialInterval: "10ms" } },
});

const shop = workflow("shop", async () => {
  const lines = [await flaky(), await later()];
  // `with` changes options for one call.
  const impatient = flaky.with({ retry: { maximumAttempts: 1 } });
  for (const call of [impatient, refused, slow]) {
    try {
      await call();
    } catch (error) {
      if (error instanceof ActivityError) lines.push(`${error.name} after ${error.attempts.length}: ${error.message}`);
      else if (error instanceof TimeoutError) lines.push(`${error.timeout} after ${error.attempts?.length}`);
      else throw error;
    }
  }
  return lines;
});

const daruma = await Daruma.open("memory:", { workflows: [shop] });
const run = await daruma.start(shop);
for (const line of await run.result()) console.log(line);
await daruma.close();

/* Output:
call 3 succeeded
after 2 calls
Error after 1: call 1 failed
QuotaError after 1: no tokens left
start-to-close after 2
*/
