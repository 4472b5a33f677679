/**
 * One run's part of a commit.
 *
 * The guard is the update itself: it finds the row only with the expected epoch and head, and only while the run is open. Most writes move the head and
 * change nothing else; for those a lighter update is tried first, which leaves every index alone.
 */
import type { StatementSync } from "node:sqlite";
import { isClosed } from "../../core/status.ts";
import type { NewRun, RunWrite } from "../../store/commit.ts";
import type { Connection } from "./connection.ts";
import { checksumOf } from "./history.ts";
import type { References } from "./row.ts";
import { statusCodes } from "./schema.ts";

const insertRun = `
INSERT INTO runs (key, id, generation, workflow, status, paused, parked, created_at, closed_at, wake_at, head, epoch, owner, operation, parent_key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;

const laterGeneration = "SELECT 1 FROM runs WHERE id = ? AND generation > ?";

const advance = `
UPDATE runs SET head = ? WHERE key = ? AND epoch = ? AND head = ? AND status = ${statusCodes.running} AND paused = ? AND parked IS ? AND wake_at IS ?`;

const change = `
UPDATE runs SET status = ?, paused = ?, parked = ?, wake_at = ?, closed_at = ?, head = ?
WHERE key = ? AND epoch = ? AND head = ? AND status = ${statusCodes.running}`;

const finish = `
UPDATE runs SET status = ?, paused = 0, parked = NULL, wake_at = NULL, closed_at = ?, head = ?, owner = NULL
WHERE key = ? AND epoch = ? AND head = ? AND status = ${statusCodes.running}`;

/** What became of a write. */
export type WriteOutcome = "applied" | "fenced" | "duplicate";

/** The statements of run writes, prepared once. */
export class RunWriter {
  readonly #references: References;
  readonly #insert: StatementSync;
  readonly #later: StatementSync;
  readonly #advance: StatementSync;
  readonly #change: StatementSync;
  readonly #finish: StatementSync;
  readonly #append: StatementSync;
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
    this.#insert = connection.prepare(insertRun);
    this.#later = connection.prepare(laterGeneration);
    this.#advance = connection.prepare(advance);
    this.#change = connection.prepare(change);
    this.#finish = connection.prepare(finish);
    this.#append = connection.prepare("INSERT INTO history (run, seq, events, checksum) VALUES (?, ?, ?, ?)");
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
    if (write.create !== undefined) {
      if (!this.#create(write, write.create, session)) return "duplicate";
    } else if (!this.#update(write)) return "fenced";
    if (write.count > 0) {
      const seq = write.head + 1;
      const events = write.events.toWellFormed();
      this.#append.run(write.key, seq, events, checksumOf(write.key, seq, events));
    }
    this.#changeHoldings(write);
    if (write.release === true) this.#giveUp.run(write.key);
    return "applied";
  }

  /** Gives the messages of a run that has closed to the run that continues it. */
  handOver(from: number, heir: number): void {
    this.#moveInbox.run(heir, from);
  }

  /** False: the key, the generation or a later one is taken. */
  #create(write: RunWrite, create: NewRun, session: number): boolean {
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
    );
    return changes !== 0;
  }

  #update({ key, epoch, head, count, state }: RunWrite): boolean {
    const { status, parked = null, wakeAt = null, closedAt = null } = state;
    const paused = state.paused ? 1 : 0;
    const newHead = head + count;
    const code = statusCodes[status];
    if (isClosed(status)) return this.#finish.run(code, closedAt, newHead, key, epoch, head).changes !== 0;
    if (this.#advance.run(newHead, key, epoch, head, paused, parked, wakeAt).changes !== 0) return true;
    return this.#change.run(code, paused, parked, wakeAt, closedAt, newHead, key, epoch, head).changes !== 0;
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
