/**
 * The client: places orders, sends their signals one after the other, waits for their results, and writes down what it was told.
 * What a former life was not told is asked again with the same operation id.
 */
import { type Client, RunClosedError, type RunHandle } from "daruma";
import type { OrderOutcome, Orders } from "../../examples/orders/workflow.ts";
import { seededRandom } from "../../src/core/random.ts";
import type { Fate } from "./fate.ts";
import type { Entry, Ledger } from "./ledger.ts";
import { indexOf, type OrderPlan, orderPlan, type Step } from "./orders.ts";

/** What a client works with. */
export interface ClientParts {
  readonly client: Client;
  readonly orders: Orders;
  readonly ledger: Ledger;
  readonly fate: Fate;
  readonly seed: string;
}

/** One client. */
export class OrderClient {
  readonly #parts: ClientParts;
  /** Operations whose answer is known. */
  readonly #answered: Set<string> = new Set();
  readonly #waiting: number[] = [];
  #next = 0;

  /** `past`: the ledger of the lives before. */
  constructor(parts: ClientParts, past: readonly Entry[]) {
    this.#parts = parts;
    const begun = new Set<number>();
    for (const entry of past) {
      if (entry.type === "asked") begun.add(indexOf(entry.run));
      if (entry.type === "acknowledged" || entry.type === "refused") this.#answered.add(entry.operation);
    }
    for (const entry of past) if (entry.type === "result") begun.delete(indexOf(entry.run));
    this.#next = past.reduce(
      (next, entry) => ("run" in entry ? Math.max(next, indexOf(entry.run) + 1) : next),
      0,
    );
    this.#waiting = [...begun];
  }

  /** Sees to the open orders, then to new ones up to `total` in all, `width` at a time. Resolves when all have their result. */
  async work({ total, width }: { total: number; width: number }): Promise<void> {
    const lanes = Array.from({ length: width }, async () => {
      for (let index = this.#take(total); index !== undefined; index = this.#take(total)) {
        await this.#serve(orderPlan(this.#parts.seed, index));
      }
    });
    await Promise.all(lanes);
  }

  #take(total: number): number | undefined {
    return this.#waiting.shift() ?? (this.#next < total ? this.#next++ : undefined);
  }

  async #serve(plan: OrderPlan): Promise<void> {
    const { client, orders, ledger, fate } = this.#parts;
    const run = client.get(plan.id, orders.order);
    for (const step of plan.steps) {
      if (this.#answered.has(step.operation)) continue;
      await this.#ask(plan, step, run);
      // Some clients do not trust an answer.
      if (seededRandom(step.operation)() < 0.1) await this.#ask(plan, step, run);
    }
    const outcome = await run.result();
    ledger.add({ type: "result", run: plan.id, outcome });
    fate.pass("acknowledged");
  }

  async #ask(plan: OrderPlan, step: Step, run: RunHandle<OrderOutcome>): Promise<void> {
    const { ledger, fate } = this.#parts;
    const said = { kind: step.kind, run: plan.id, operation: step.operation };
    ledger.mention({ type: "asked", ...said });
    try {
      await this.#send(plan, step, run);
      ledger.add({ type: "acknowledged", ...said });
    } catch (error) {
      if (!(error instanceof RunClosedError)) throw error;
      ledger.add({ type: "refused", run: plan.id, operation: step.operation, code: error.code });
    }
    fate.pass("acknowledged");
  }

  async #send({ id, input }: OrderPlan, step: Step, run: RunHandle<OrderOutcome>): Promise<void> {
    const { client, orders } = this.#parts;
    const { operation } = step;
    if (step.kind === "signal") await run.signal<string>(step.name, step.payload, { operation });
    else await client.start(orders.order, { id, input, operation });
  }
}
