/**
 * One run's part of a commit.
 *
 * The guard is the update itself: it finds the row only with the expected epoch and head, and only while the run is open. Most writes move the head and
 * change nothing else; for those a lighter update is tried first, which leaves every index alone.
 */
import type { StatementSync } from "node:sqlite";
import { isClosed } from "../../core/status.ts";
import type { NewRun, RunWrite } from "../../store/commit.ts";
import type { Connection, Counters } from "./connection.ts";
import { checksumOf, isMilestone } from "./history.ts";
import type { References } from "./row.ts";
import { statusCodes } from "./schema.ts";

const insertRun = `
INSERT INTO runs (key, id, generation, workflow, status, paused, parked, created_at, closed_at, wake_at, head, epoch, owner, operation, parent_key, tail)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;

const laterGeneration = "SELECT 1 FROM runs WHERE id = ? AND generation > ?";

const advance = `
UPDATE runs SET head = ?, tail = ifnull(?, tail) WHERE key = ? AND epoch = ? AND head = ? AND status = ${statusCodes.running} AND paused = ? AND parked IS ? AND wake_at IS ?`;

const change = `
UPDATE runs SET status = ?, paused = ?, parked = ?, wake_at = ?, closed_at = ?, head = ?, tail = ifnull(?, tail)
WHERE key = ? AND epoch = ? AND head = ? AND status = ${statusCodes.running}`;

const finish = `
UPDATE runs SET status = ?, paused = 0, parked = NULL, wake_at = NULL, closed_at = ?, head = ?, tail = ifnull(?, tail), owner = NULL
WHERE key = ? AND epoch = ? AND head = ? AND status = ${statusCodes.running}`;

/** Before the row is updated, so that it names the last chunk as it was; a new row names this one already. */
const append = `
INSERT INTO history (number, run, seq, events, checksum, milestone, before)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif((SELECT tail FROM runs WHERE key = ?2), ?1))`;

/** What became of a write. */
export type WriteOutcome = "applied" | "fenced" | "duplicate";

/** What a new row needs beside the write. */
interface Birth {
  readonly session: number;
  /** The number of its first chunk. */
  readonly chunk: number | null;
}

/** The statements of run writes, prepared once. */
export class RunWriter {
  readonly #references: References;
  readonly #counters: Counters;
  readonly #insert: StatementSync;
  readonly #later: StatementSync;
  readonly #advance: StatementSync;
  readonly #change: StatementSync;
  readonly #finish: StatementSync;
  readonly #append: StatementSync;
  readonly #takeBack: StatementSync;
  readonly #dropMessage: StatementSync;
  readonly #dropInbox: StatementSync;
  readonly #moveInbox: StatementSync;
  readonly #giveUp: StatementSync;
  readonly #beat: StatementSync;
  readonly #dropBeat: StatementSync;
  readonly #dropBeats: StatementSync;
  /** False until a heartbeat is known to be kept: then closing a run need not look for any. */
  #beats: boolean;

  constructor(connection: Connection, references: References) {
    this.#references = references;
    this.#counters = connection.counters;
    this.#insert = connection.prepare(insertRun);
    this.#later = connection.prepare(laterGeneration);
    this.#advance = connection.prepare(advance);
    this.#change = connection.prepare(change);
    this.#finish = connection.prepare(finish);
    this.#append = connection.prepare(append);
    this.#takeBack = connection.prepare("DELETE FROM history WHERE number = ?");
    this.#dropMessage = connection.prepare("DELETE FROM inbox WHERE id = ? AND run = ?");
    this.#dropInbox = connection.prepare("DELETE FROM inbox WHERE run = ?");
    this.#giveUp = connection.prepare("UPDATE runs SET owner = NULL WHERE key = ?");
    this.#moveInbox = connection.prepare("UPDATE inbox SET run = ? WHERE run = ?");
    this.#beat = connection.prepare("INSERT OR REPLACE INTO heartbeats (run, ref, details) VALUES (?, ?, ?)");
    this.#dropBeat = connection.prepare("DELETE FROM heartbeats WHERE run = ? AND ref = ?");
    this.#dropBeats = connection.prepare("DELETE FROM heartbeats WHERE run = ?");
    this.#beats = connection.prepare("SELECT 1 FROM heartbeats LIMIT 1").get() !== undefined;
  }

  /** Applies one write without its messages and children. `session` becomes the holder of a new run. */
  apply(write: RunWrite, session: number): WriteOutcome {
    const chunk = write.count > 0 ? this.#counters.chunk + 1 : null;
    const outcome =
      write.create === undefined
        ? this.#move(write, chunk)
        : this.#bear(write, write.create, { session, chunk });
    if (outcome !== "applied") return outcome;
    if (chunk !== null) this.#counters.chunk = chunk;
    this.#changeHoldings(write);
    if (write.release === true) this.#giveUp.run(write.key);
    return "applied";
  }

  #bear(write: RunWrite, create: NewRun, birth: Birth): WriteOutcome {
    if (!this.#create(write, create, birth)) return "duplicate";
    if (birth.chunk !== null) this.#keep(write, birth.chunk);
    return "applied";
  }

  #move(write: RunWrite, chunk: number | null): WriteOutcome {
    if (chunk !== null) this.#keep(write, chunk);
    if (this.#update(write, chunk)) return "applied";
    if (chunk !== null) this.#takeBack.run(chunk);
    return "fenced";
  }

  /** Gives the messages of a run that has closed to the run that continues it. */
  handOver(from: number, heir: number): void {
    this.#moveInbox.run(heir, from);
  }

  /** Appends the events as chunk number `chunk`. */
  #keep({ key, head, count, events: asked }: RunWrite, chunk: number): void {
    const seq = head + 1;
    const events = asked.toWellFormed();
    this.#append.run(chunk, key, seq, events, checksumOf(key, seq, events), isMilestone(head, count));
  }

  /** False: the key, the generation or a later one is taken. */
  #create(write: RunWrite, create: NewRun, { session, chunk }: Birth): boolean {
    const { key, epoch, state } = write;
    const { id, generation, createdAt, operation, parentKey = null } = create;
    if (this.#later.get(id, generation) !== undefined) return false;
    const closed = isClosed(state.status);
    const { changes } = this.#insert.run(
      key,
      id,
      generation,
      this.#references.workflows.number(create.workflow),
      statusCodes[state.status],
      state.paused && !closed ? 1 : 0,
      closed ? null : (state.parked ?? null),
      createdAt,
      state.closedAt ?? null,
      closed ? null : (state.wakeAt ?? null),
      write.head + write.count,
      epoch,
      closed || epoch === 0 ? null : session,
      operation,
      parentKey,
      chunk,
    );
    return changes !== 0;
  }

  #update({ key, epoch, head, count, state }: RunWrite, chunk: number | null): boolean {
    const { status, parked = null, wakeAt = null, closedAt = null } = state;
    const paused = state.paused ? 1 : 0;
    const newHead = head + count;
    const code = statusCodes[status];
    if (isClosed(status))
      return this.#finish.run(code, closedAt, newHead, chunk, key, epoch, head).changes !== 0;
    if (this.#advance.run(newHead, chunk, key, epoch, head, paused, parked, wakeAt).changes !== 0)
      return true;
    return (
      this.#change.run(code, paused, parked, wakeAt, closedAt, newHead, chunk, key, epoch, head).changes !== 0
    );
  }

  /** Messages and heartbeats that the run has, or has no longer. A closed run has none (C1), unless its heir is about to take the messages. */
  #changeHoldings({ key, state, consumed = [], settled = [], heartbeats = [], heir }: RunWrite): void {
    const closed = isClosed(state.status);
    if (closed && heir === undefined) this.#dropInbox.run(key);
    else for (const id of consumed) this.#dropMessage.run(id, key);
    if (closed) {
      if (this.#beats) this.#dropBeats.run(key);
      return;
    }
    if (this.#beats) for (const ref of settled) this.#dropBeat.run(key, ref);
    for (const { ref, details } of heartbeats) {
      this.#beat.run(key, ref, details);
      this.#beats = true;
    }
  }
}
