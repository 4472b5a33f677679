/** An expense: somebody has a week to approve it, with one reminder on the way; then it is paid, once. */
import { activity, activityContext, signal, TimeoutError, workflow } from "daruma";
import type { Activity, Signal, Workflow } from "daruma";

/** The bank's books: what it has paid, by the key of the request. */
export const books: Map<string, number> = new Map();

export const approve: Signal<string> = signal<string>("approve");

export const remind: Activity<[days: number], void> = activity("remind", async (days: number) => {
  console.log(`waiting since ${days} days`);
});

export const pay: Activity<[amount: number], string> = activity("pay", async (amount: number) => {
  // The same request again changes nothing, because it has the same key.
  books.set(activityContext().idempotencyKey, amount);
  return `receipt for ${amount}`;
});

/** The name of who approves, within so many days. */
async function approvalWithin(days: number): Promise<string | undefined> {
  try {
    return await approve.receive({ timeout: `${days}d` });
  } catch (error) {
    if (error instanceof TimeoutError) return undefined;
    throw error;
  }
}

export const expense: Workflow<number, string> = workflow("expense", async (amount: number) => {
  let by = await approvalWithin(5);
  if (by === undefined) {
    await remind(5);
    by = await approvalWithin(2);
  }
  if (by === undefined) return "given up";
  return `${await pay(amount)}, approved by ${by}`;
});
