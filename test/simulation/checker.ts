/**
 * Watches the database from the inside: after each operation that reached it, every run is compared with what was known of it.
 *
 * What it checks, besides what a history must keep by itself (`model.ts`):
 * - histories only grow, without holes (H1); row and history say the same (D2);
 * - only the holder appends, one holder to an epoch, and a holder is replaced only when its lease is over by the database's clock (L1);
 * - a run with something due of its own is woken for it in time (L2); a closed run holds nothing (C1); a child's answer goes out with its closing (D2);
 * - a message leaves the inbox of an open run only if the history has taken it up (S1);
 * - no run is ever parked: the generated workflows are deterministic (H3).
 */
import type { Event } from "../../src/core/events.ts";
import type { Message } from "../../src/core/messages.ts";
import type { StoredMessage } from "../../src/store/inbox.ts";
import type { MemoryDatabase, RunRecord } from "../../src/stores/memory/database.ts";
import type { Books } from "./ledger.ts";
import { RunModel } from "./model.ts";
import type { Rules } from "./model.ts";
import type { Findings } from "./violation.ts";

/** A run as it was when it was last looked at. */
export interface Known {
  readonly model: RunModel;
  readonly chunks: string[];
  inbox: readonly StoredMessage[];
}

export class Checker implements Books {
  readonly #db: MemoryDatabase;
  readonly #rules: Rules;
  readonly #findings: Findings;
  readonly known: Map<number, Known> = new Map();
  copies = false;
  readonly #byName: Map<string, RunModel> = new Map();
  /** Operations of messages that have been in an inbox or a history. */
  readonly #kept: Set<string> = new Set();
  /** Who wrote in which epoch of which run. */
  readonly #writers: Map<string, string> = new Map();

  constructor(db: MemoryDatabase, rules: Rules, findings: Findings) {
    this.#db = db;
    this.#rules = rules;
    this.#findings = findings;
  }

  runNamed(name: string): RunModel | undefined {
    return this.#byName.get(name);
  }

  /** True once a message with this operation has been in an inbox or a history. */
  wasKept(operation: string): boolean {
    return this.#kept.has(operation);
  }

  /** Compares everything. `session`: whose operation it was, if it could append. */
  look(session?: string): void {
    for (const run of this.#db.state.runs.values()) this.#run(run, session);
  }

  #run(run: RunRecord, session: string | undefined): void {
    const { row } = run;
    const known = this.#known(run);
    const before = known.model.events.length;
    this.#grow(run, known);
    const grown = known.model.events.length > before;
    if (grown && session !== undefined) this.#writer(run, session);
    this.#inbox(run, known);
    this.#row(run, known.model);
    if (grown && row.status !== "running") this.#answer(known.model);
    const born = before === 0 && (row.generation > 1 || row.parentKey !== undefined);
    this.#findings.check(
      !born || !known.model.unbegun || row.wakeAt === 0,
      "L2",
      () => `${known.model.name} is born and nobody begins it`,
    );
  }

  #known({ row }: RunRecord): Known {
    let known = this.known.get(row.key);
    if (known === undefined) {
      const model = new RunModel(
        { key: row.key, name: `${row.id}/${row.generation}` },
        this.#rules,
        this.#findings,
      );
      known = { model, chunks: [], inbox: [] };
      this.known.set(row.key, known);
      this.#findings.check(!this.#byName.has(model.name), "D3", () => `there are two runs ${model.name}`);
      this.#byName.set(model.name, model);
    }
    return known;
  }

  #grow({ chunks, row }: RunRecord, { model, chunks: seen }: Known): void {
    const same = chunks.length >= seen.length && seen.every((text, index) => chunks[index]?.events === text);
    this.#findings.check(same, "H1", () => `the history of ${model.name} was changed`);
    for (const { seq, events } of chunks.slice(seen.length)) {
      this.#findings.check(
        seq === model.events.length + 1,
        "H1",
        () => `${model.name} has a chunk at ${seq} after ${model.events.length} events`,
      );
      for (const event of JSON.parse(events) as Event[]) {
        model.fold(event);
        if (event.type === "run_forked") this.copies = true;
        if ("operation" in event) this.#kept.add(event.operation);
      }
      seen.push(events);
    }
    const head = model.events.length;
    this.#findings.check(
      row.head === head,
      "H1",
      () => `${model.name}: head ${row.head}, but ${head} events`,
    );
  }

  #writer({ row }: RunRecord, session: string): void {
    const epoch = `${row.key}.${row.epoch}`;
    const writer = this.#writers.get(epoch) ?? session;
    this.#writers.set(epoch, session);
    this.#findings.check(
      writer === session,
      "L1",
      () => `${writer} and ${session} both wrote to ${row.id} in epoch ${row.epoch}`,
    );
  }

  #inbox({ inbox, row }: RunRecord, known: Known): void {
    for (const message of known.inbox) {
      if (!inbox.has(message.operation)) this.#taken(message, known.model, row.id);
    }
    known.inbox = [...inbox.values()];
    for (const { operation } of known.inbox) this.#kept.add(operation);
  }

  /** A message has left the inbox: is what it says in the history? */
  #taken({ body, operation }: StoredMessage, model: RunModel, id: string): void {
    const message = JSON.parse(body) as Message;
    const lost = (): string =>
      `${message.type} ${operation} has left the inbox of ${model.name} without a trace`;
    if (model.status === "continued_as_new") {
      this.#findings.check(this.#passedOn(message, operation, id), "S1", lost);
    } else if (!model.closed) {
      const refused = message.type === "update" && !model.updates.has(operation);
      const isMail = message.type === "signal" && !isControlName(message.name);
      this.#findings.check(!isMail || model.operations.has(operation) || refused, "S1", lost);
      if (message.type === "answer" && message.event.type === "child_closed")
        this.#findings.check(!model.children.has(message.event.ref), "S1", lost);
    }
  }

  /** True if the run's own history, or the inbox of the run that continues it, has the message. */
  #passedOn(message: Message, operation: string, id: string): boolean {
    if (message.type !== "signal" || isControlName(message.name)) return true;
    for (const { row, inbox } of this.#db.state.runs.values()) {
      if (row.id !== id) continue;
      if (inbox.has(operation)) return true;
      if (this.#byName.get(`${row.id}/${row.generation}`)?.operations.has(operation) === true) return true;
    }
    return false;
  }

  #row(run: RunRecord, model: RunModel): void {
    const { row, inbox, heartbeats } = run;
    const { check } = this.#findings;
    const say = (what: string) => (): string => `${model.name}: ${what}; ${JSON.stringify(row)}`;
    const agree = row.status === model.status && row.paused === model.paused;
    check.call(this.#findings, agree, "D2", say(`the history says ${model.status}, paused ${model.paused}`));
    check.call(this.#findings, row.parked === undefined, "H3", say("it is parked"));
    if (model.closed) {
      const free = row.owner === undefined && row.wakeAt === undefined;
      const holdsNothing = free && inbox.size === 0 && heartbeats.size === 0 && row.closedAt !== undefined;
      check.call(this.#findings, holdsNothing, "C1", say("it is closed and holds something"));
      return;
    }
    const { wakeAt } = model;
    const woken = wakeAt === undefined || (row.wakeAt !== undefined && row.wakeAt <= Math.max(1, wakeAt));
    check.call(this.#findings, woken, "L2", say(`nobody will wake it at ${wakeAt}`));
  }

  /** D2: a child that closes tells its parent in the same commit. */
  #answer({ status, started, name }: RunModel): void {
    const parent = started?.parent;
    if (parent === undefined || status === "continued_as_new" || status === "running") return;
    const above = this.#db.state.runs.get(parent.key);
    const model = this.known.get(parent.key)?.model;
    if (above === undefined || model === undefined || model.closed || !model.children.has(parent.ref)) return;
    this.#findings.check(
      hasAnswer(above, parent.ref),
      "D2",
      () => `${name} has closed, but its parent ${model.name} was not told`,
    );
  }
}

/** True if the answer of a child waits in the inbox. */
export function hasAnswer({ inbox }: RunRecord, ref: number): boolean {
  return [...inbox.values()].some(({ body }) => {
    const message = JSON.parse(body) as Message;
    return message.type === "answer" && message.event.type === "child_closed" && message.event.ref === ref;
  });
}

function isControlName(name: string): boolean {
  return name === "pause" || name === "resume" || name === "cancel";
}
