/**
 * An activity is called at least once: a crash, or a lost answer, may cause another call. The idempotency key is the same for all of
 * them, so that whoever has the effect can tell a repeat from a new request.
 */
import { activity, activityContext, Daruma, workflow } from "daruma";

/** A payment service as many are: it answers a key that it knows with the payment that it made before. */
const payments = new Map<string, string>();
function pay(key: string, yen: number): string {
  const made = payments.get(key) ?? `payment ${payments.size + 1} of ${yen} yen`;
  payments.set(key, made);
  return made;
}

const charge = activity(
  "charge",
  async (yen: number) => {
    const { idempotencyKey, attempt } = activityContext();
    const made = pay(idempotencyKey, yen);
    if (attempt === 1) throw new Error("the connection broke after the payment was made");
    return `${made} (key ${idempotencyKey}, attempt ${attempt})`;
  },
  { retry: { backoff: { initialInterval: "10ms" } } },
);

const order = workflow("order", async () => [await charge(4_900), await charge(1_200)]);

const daruma = await Daruma.open("memory:", { workflows: [order] });
// Starting has a key too: the same operation id twice is one run.
const run = await daruma.start(order, { id: "order-7", operation: "place order 7" });
await daruma.start(order, { id: "order-7", operation: "place order 7" });
for (const line of await run.result()) console.log(line);
console.log(payments.size, "payments were made");
await daruma.close();

/* Output:
payment 1 of 4900 yen (key order-7/1/1, attempt 2)
payment 2 of 1200 yen (key order-7/1/2, attempt 2)
2 payments were made
*/
