/**
 * The outside world of an order: a warehouse, a bank, a carrier, a bookkeeper. Whatever is asked of it carries an idempotency key, and asking again with the same
 * key changes nothing and gets the same receipt. That is what makes activities, which may be called again after a crash, happen once.
 */

/** One thing that is asked of the outside world. */
export interface Effect {
  readonly kind: "reserve" | "release" | "charge" | "ship" | "invoice";
  /** The id of the order. */
  readonly order: string;
  /** What it is about: an item, or an amount in cents. */
  readonly subject: string;
  readonly idempotencyKey: string;
  /** Counts the calls with this key from 1. */
  readonly attempt: number;
}

/** The outside world. */
export interface World {
  /** Does it, or finds that it was done, and returns the number of the receipt. Rejects if that cannot be done now. */
  perform(effect: Effect): Promise<string>;
}
