/** The orders of a database, and what the client does for each: functions of a seed and a number, so that every life knows what the ones before it wanted. */
import type { OrderInput } from "../../examples/orders/workflow.ts";
import { seededRandom } from "../../src/core/random.ts";

/** One thing that a client does for an order. Doing it twice with the same operation id is doing it once. */
export type Step =
  | { readonly kind: "start"; readonly operation: string }
  | {
      readonly kind: "signal";
      readonly operation: string;
      readonly name: "note" | "paid";
      readonly payload: string;
    };

/** An order to come. */
export interface OrderPlan {
  readonly id: string;
  readonly input: OrderInput;
  readonly pays: boolean;
  readonly steps: readonly Step[];
}

/** The number in an order's id. */
export function indexOf(id: string): number {
  return Number(/^order-(\d+)/.exec(id)?.[1]);
}

/** The order number `index` of a database. */
export function orderPlan(seed: string, index: number): OrderPlan {
  const random = seededRandom(`${seed} order ${index}`);
  const below = (limit: number): number => Math.floor(random() * limit);
  const id = `order-${index}`;
  const pays = random() < 0.85;
  const signals: Step[] = Array.from({ length: below(4) }, (_, number) => ({
    kind: "signal",
    operation: `${id} note ${number}`,
    name: "note",
    payload: `note ${number}`,
  }));
  const paid = { kind: "signal", operation: `${id} paid`, name: "paid", payload: "by transfer" } as const;
  if (pays) signals.splice(below(signals.length + 1), 0, paid);
  const items = Array.from({ length: 1 + below(3) }, (_, number) => `item ${number}`);
  // Whoever pays has time for it even if there are many crashes in between.
  const input = { items, amount: 100 + below(10_000), payWithin: pays ? "1h" : "150ms" } as const;
  return { id, input, pays, steps: [{ kind: "start", operation: `${id} start` }, ...signals] };
}
