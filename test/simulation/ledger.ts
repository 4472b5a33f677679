/**
 * The outside world: who called which activity when, and what it was told. It outlives every process.
 *
 * What it checks:
 * - an attempt starts only when its run's durable history holds the command, and the notes of all that went before it (D1);
 * - all attempts of an activity have the same idempotency key, and no other activity has it (D4);
 * - an attempt does not start before its time (T1), nor while its run is paused;
 * - the heartbeat that an attempt is shown is not older than the last one that became durable (D1).
 */
import type { ActivityContext } from "../../src/index.ts";
import type { Act } from "./program.ts";
import type { ModelActivity, RunModel } from "./model.ts";
import type { Findings } from "./violation.ts";

/** What the ledger needs to know of the database. */
export interface Books {
  /** The model of one generation of a run, by the beginning of an idempotency key: id/generation. */
  runNamed(name: string): RunModel | undefined;
  /** True if runs were forked or retried: then an activity of a program may be one of several runs. */
  readonly copies: boolean;
}

/** Who calls. */
export interface Caller {
  readonly name: string;
  readonly now: () => number;
  /** Whether the caller's session holds the run with this key. */
  readonly holds: (key: number) => boolean;
}

export class Ledger {
  readonly #books: Books;
  readonly #findings: Findings;
  readonly #labels: Map<string, string> = new Map();
  readonly #keys: Map<string, string> = new Map();
  /** Idempotency key and attempt of all results that were returned. */
  readonly finished: Set<string> = new Set();
  /** The last heartbeat of each activity, by idempotency key, that a commit was acknowledged with. */
  readonly heartbeats: Map<string, number> = new Map();

  constructor(books: Books, findings: Findings) {
    this.#books = books;
    this.#findings = findings;
  }

  /** Returns how often the activity has failed so far. */
  begin(context: ActivityContext, { label }: Act, caller: Caller): number {
    const key = context.idempotencyKey;
    const at = key.lastIndexOf("/");
    const run = this.#books.runNamed(key.slice(0, at));
    const activity = run?.activities.get(Number(key.slice(at + 1)));
    const what = `${caller.name} starts attempt ${context.attempt} of ${label} (${key})`;
    this.#checkKey(key, label);
    this.#findings.check(
      activity !== undefined && activity.scheduled.input.includes(`"${label}"`),
      "D1",
      () => `${what}, but the durable history does not hold the command`,
    );
    if (run === undefined || activity === undefined) return 0;
    this.#checkAttempt(activity, context, { what, now: caller.now() });
    // Who has lost the run may not know that it was paused since.
    const mayStart = !run.paused || !activity.open || !caller.holds(run.key);
    this.#findings.check(mayStart, "pause", () => `${what}, but its run is paused`);
    return activity.retries.length;
  }

  finish(context: ActivityContext): void {
    this.finished.add(`${context.idempotencyKey} ${context.attempt}`);
  }

  #checkKey(key: string, label: string): void {
    const known = this.#labels.get(key) ?? label;
    this.#labels.set(key, label);
    this.#findings.check(known === label, "D4", () => `${key} is the key of ${known} and of ${label}`);
    if (this.#books.copies) return;
    const other = this.#keys.get(label) ?? key;
    this.#keys.set(label, key);
    this.#findings.check(other === key, "D4", () => `${label} has the keys ${other} and ${key}`);
  }

  #checkAttempt(
    { retries, interruptions, nextAt }: ModelActivity,
    context: ActivityContext,
    { what, now }: { readonly what: string; readonly now: number },
  ): void {
    const noted = retries.length + interruptions;
    this.#findings.check(
      context.attempt <= noted + 1,
      "D1",
      () => `${what}, but the durable history holds ${noted} earlier ones`,
    );
    const early = context.attempt === noted + 1 && now < (nextAt ?? 0);
    this.#findings.check(!early, "T1", () => `${what} at ${now}, but it is due at ${nextAt}`);
    const durable = this.heartbeats.get(context.idempotencyKey) ?? 0;
    const shown = Number(context.heartbeatDetails ?? 0);
    this.#findings.check(
      context.attempt <= noted || shown >= durable,
      "D1",
      () => `${what}; it is shown heartbeat ${shown}, but ${durable} was kept`,
    );
  }
}
