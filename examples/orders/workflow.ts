/**
 * An order: reserve every item, ask for the money, wait for the payment; ship and write the invoice, or give the items back if nobody pays in time.
 *
 * All that touches the outside world is an activity. The workflow itself only decides, so it can be replayed after a crash.
 */
import {
  activity,
  activityContext,
  child,
  runInfo,
  signal,
  TimeoutError,
  workflow,
  type Activity,
  type Duration,
  type Signal,
  type Workflow,
} from "daruma";
import type { Effect, World } from "./world.ts";

/** What is ordered. */
export interface OrderInput {
  readonly items: readonly string[];
  /** Cents. */
  readonly amount: number;
  /** How long the customer has for paying. */
  readonly payWithin: Duration;
}

/** What became of an order. Numbers are those of receipts. */
export interface OrderOutcome {
  readonly status: "shipped" | "not paid";
  readonly reservations: readonly string[];
  readonly charge: string;
  readonly shipment?: string;
  readonly invoice?: string;
  /** The customer's notes, in the order in which they came. */
  readonly notes: readonly string[];
}

/** What an invoice is made of. */
export interface InvoiceInput {
  readonly order: string;
  /** Cents. */
  readonly amount: number;
}

/** The two workflows. */
export interface Orders {
  readonly order: Workflow<OrderInput, OrderOutcome>;
  readonly invoice: Workflow<InvoiceInput, string>;
}

/** The bank says that the money is there. */
export const paid: Signal<string> = signal<string>("paid");

/** The customer wants to tell the carrier something. */
export const note: Signal<string> = signal<string>("note");

type Step = Activity<[order: string, subject: string], Promise<string>>;

function step(world: World, kind: Effect["kind"]): Step {
  const run = (order: string, subject: string): Promise<string> => {
    const { idempotencyKey, attempt } = activityContext();
    return world.perform({ kind, order, subject, idempotencyKey, attempt });
  };
  const backoff = { type: "exponential", initialInterval: "20ms", coefficient: 2 } as const;
  return activity(kind, run, { startToCloseTimeout: "30s", retry: { maximumAttempts: 10, backoff } });
}

async function paidWithin(limit: Duration): Promise<boolean> {
  try {
    await paid.receive({ timeout: limit });
    return true;
  } catch (error) {
    if (error instanceof TimeoutError) return false;
    throw error;
  }
}

/** The workflows in a world. */
export function ordersIn(world: World): Orders {
  const [reserve, release, charge] = [step(world, "reserve"), step(world, "release"), step(world, "charge")];
  const [ship, bill] = [step(world, "ship"), step(world, "invoice")];

  const invoice = workflow<InvoiceInput, string>("invoice", ({ order, amount }) =>
    bill(order, String(amount)),
  );

  const order = workflow<OrderInput, OrderOutcome>("order", async ({ items, amount, payWithin }) => {
    const { id } = runInfo();
    const notes: string[] = [];
    note.handle((text) => void notes.push(text));
    const reservations = await Promise.all(items.map((item) => reserve(id, item)));
    const soFar = { reservations, charge: await charge(id, String(amount)), notes };
    if (!(await paidWithin(payWithin))) {
      await Promise.all(items.map((item) => release(id, item)));
      return { status: "not paid", ...soFar };
    }
    const shipment = await ship(id, items.join(", "));
    const number = await child(invoice, { order: id, amount }, { id: `${id}-invoice` });
    return { status: "shipped", ...soFar, shipment, invoice: number };
  });

  return { order, invoice };
}
