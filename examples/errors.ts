/** Errors keep type, message, cause, details and attempts on their way from an activity to whoever waits for the result. */
import { activity, ActivityError, ApplicationError, child, ChildError, Daruma } from "daruma";
import { type RunFailedError, workflow } from "daruma";

const reserve = activity("reserve", async (item: string) => {
  const cause = new Error("warehouse 2 is closed");
  throw new ApplicationError(`no ${item}`, { type: "OutOfStockError", nonRetryable: true, cause });
});

class CardError extends Error {
  override readonly name = "CardError";
}

const charge = activity(
  "charge",
  async (yen: number) => {
    throw new CardError(`${yen} yen were refused`);
  },
  { retry: { maximumAttempts: 3, backoff: { type: "fixed", initialInterval: "10ms" } } },
);

const payment = workflow("payment", (yen: number) => charge(yen));

const order = workflow("order", async () => {
  const notes: string[] = [];
  try {
    await reserve("lamp");
  } catch (error) {
    // A class of yours does not survive being stored; its name does.
    if (!(error instanceof ActivityError) || error.name !== "OutOfStockError") throw error;
    notes.push(`${error.activity}: ${error.message}, because ${(error.cause as Error).message}`);
  }
  try {
    await child(payment, 4_900, { id: "p-1" });
  } catch (error) {
    if (!(error instanceof ChildError)) throw error;
    const { name, attempts } = error.cause as ActivityError;
    notes.push(`${error.runId}: ${name}, ${attempts.length} attempts`);
  }
  throw new ApplicationError("the order cannot be filled", { type: "OrderError", details: notes });
});

const daruma = await Daruma.open("memory:", { workflows: [order, payment] });
const run = await daruma.start(order);
await run.result().catch((error: RunFailedError) => {
  const { name, message, details } = error.cause as ApplicationError;
  console.log(error.code, "<-", name, message, details);
});
await daruma.close();

/* Output:
DRM-RUN-FAILED <- OrderError the order cannot be filled [
  'reserve: no lamp, because warehouse 2 is closed',
  'p-1: CardError, 3 attempts'
]
*/
