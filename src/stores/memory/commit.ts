/**
 * The commit in memory. It runs without a pause, so that it is whole to every observer.
 *
 * Order within a commit: all run writes with their children, then the messages that applied writes send, then the messages from outside.
 * So a message to a run that the same commit closes is answered with `closed`, and one to a run that it creates arrives.
 */
import type { CommitRequest, CommitResult, NewRun, RunWrite } from "../../store/commit.ts";
import type { MessageReceipt, NewMessage } from "../../store/inbox.ts";
import { isClosed } from "../../core/status.ts";
import { latestOf, type MemoryDatabase, type RunRecord, sessionOf } from "./database.ts";
import { clearInbox, dropMessages, keepMessage } from "./inbox.ts";

/** What a commit has done so far. */
interface Progress {
  readonly session: string;
  readonly fenced: Set<number>;
  readonly duplicates: Set<number>;
  readonly notified: Set<number>;
  readonly outgoing: NewMessage[];
}

/** True if a new run would not be the latest generation of its id, or its key is in use. */
function isTaken(db: MemoryDatabase, key: number, { id, generation }: NewRun): boolean {
  return db.state.runs.has(key) || (latestOf(db, id)?.row.generation ?? 0) >= generation;
}

function insert(
  db: MemoryDatabase,
  create: NewRun,
  holder: { key: number; epoch: number; owner: string },
): RunRecord {
  const { key, epoch, owner } = holder;
  const id = create.id.toWellFormed();
  const row: RunRecord["row"] = {
    key,
    id,
    generation: create.generation,
    workflow: create.workflow.toWellFormed(),
    status: "running",
    paused: false,
    createdAt: create.createdAt,
    head: 0,
    epoch,
    owner: epoch === 0 ? undefined : owner,
    operation: create.operation.toWellFormed(),
    parentKey: create.parentKey,
  };
  const run: RunRecord = { row, chunks: [], inbox: new Map(), heartbeats: new Map() };
  db.state.runs.set(key, run);
  db.state.open.add(key);
  db.state.generations.set(id, [...(db.state.generations.get(id) ?? []), key]);
  return run;
}

/** The run that a write is for, if the write may be applied. */
function admit(db: MemoryDatabase, write: RunWrite, progress: Progress): RunRecord | undefined {
  const { key, epoch, create } = write;
  if (create !== undefined) {
    if (!isTaken(db, key, create)) return insert(db, create, { key, epoch, owner: progress.session });
    progress.duplicates.add(key);
    if (write.refusal !== undefined) progress.outgoing.push(write.refusal);
    return undefined;
  }
  const run = db.state.runs.get(key);
  if (run?.row.epoch === epoch && run.row.head === write.head && db.state.open.has(key)) return run;
  progress.fenced.add(key);
  return undefined;
}

/** C1: a closed run holds nothing, and the flags of a running one are gone. */
function release(db: MemoryDatabase, run: RunRecord): void {
  db.state.open.delete(run.row.key);
  Object.assign(run.row, { owner: undefined, wakeAt: undefined, paused: false, parked: undefined });
  run.heartbeats.clear();
}

function setState(db: MemoryDatabase, run: RunRecord, { state }: RunWrite): void {
  const { status, paused, parked, wakeAt, closedAt } = state;
  Object.assign(run.row, { status, paused, parked: parked?.toWellFormed(), wakeAt, closedAt });
  if (isClosed(status)) release(db, run);
}

function applyWrite(db: MemoryDatabase, write: RunWrite, progress: Progress): void {
  const run = admit(db, write, progress);
  if (run === undefined) return;
  if (write.count > 0) {
    run.chunks.push({ seq: run.row.head + 1, events: write.events.toWellFormed() });
    run.row.head += write.count;
  }
  dropMessages(db, run, write.consumed ?? []);
  for (const ref of write.settled ?? []) run.heartbeats.delete(ref);
  for (const { ref, details } of write.heartbeats ?? []) run.heartbeats.set(ref, details.toWellFormed());
  setState(db, run, write);
  progress.outgoing.push(...(write.messages ?? []));
  for (const child of write.children ?? []) applyWrite(db, child, progress);
  if (write.release === true) run.row.owner = undefined;
  if (isClosed(write.state.status)) clearInbox(db, run, write.heir);
}

function deliver(db: MemoryDatabase, message: NewMessage, progress: Progress): MessageReceipt {
  const receipt = keepMessage(db, message);
  if (receipt.status === "kept") progress.notified.add(receipt.key);
  return receipt;
}

function copyResult({ fenced, duplicates, receipts, notified }: CommitResult): CommitResult {
  return {
    fenced: [...fenced],
    duplicates: [...duplicates],
    receipts: receipts.map((receipt) => ({ ...receipt })),
    notified: [...notified],
  };
}

/** Applies a commit and says what it did. @throws DarumaError DRM-FENCED: the session is unknown. */
export function applyCommit(db: MemoryDatabase, request: CommitRequest): CommitResult {
  const { session, operation } = request;
  const record = sessionOf(db, session);
  if (record.operation === operation && record.answer !== undefined) return copyResult(record.answer);
  const progress: Progress = {
    session,
    fenced: new Set(),
    duplicates: new Set(),
    notified: new Set(),
    outgoing: [],
  };
  for (const write of request.runs) applyWrite(db, write, progress);
  for (const message of progress.outgoing) deliver(db, message, progress);
  const receipts = request.messages.map((message) => deliver(db, message, progress));
  const { fenced, duplicates, notified } = progress;
  const answer = { fenced: [...fenced], duplicates: [...duplicates], receipts, notified: [...notified] };
  record.operation = operation;
  record.answer = answer;
  return copyResult(answer);
}
