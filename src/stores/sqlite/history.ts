/**
 * Histories and heartbeats.
 *
 * A run's row names its last chunk, and each chunk the one before it: so appending finds its place without an index. To read from somewhere in the middle there are
 * milestones, which are indexed: from the next one it is 128 chunks back at most.
 *
 * Each chunk has a checksum of its own (CRC-32), because neither SQLite nor the disk vouches for what a page says. It begins from the run's key and the
 * event's number, so a chunk in the wrong place is found out too.
 */
import type { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { DarumaError } from "../../core/errors.ts";
import type { Histories, HistoryChunk } from "../../store/history.ts";
import type { Connection, Row } from "./connection.ts";

const milestoneEvents = 128;

const place = "SELECT head, tail FROM runs WHERE key = ?";
const nextMilestone =
  "SELECT number, seq FROM history WHERE run = ? AND seq > ? AND milestone = 1 ORDER BY seq LIMIT 1";
/** From chunk ?1 back to the one that holds event ?2, in their order. */
const wayBack = `
WITH RECURSIVE way (before, run, seq, events, checksum) AS (
  SELECT before, run, seq, events, checksum FROM history WHERE number = ?1
  UNION ALL
  SELECT h.before, h.run, h.seq, h.events, h.checksum FROM way JOIN history AS h ON h.number = way.before WHERE way.seq > ?2
)
SELECT run, seq, events, checksum FROM way ORDER BY seq`;
const chunkAt = "SELECT run, seq, events, checksum FROM history WHERE number = ?";
const allHeartbeats = "SELECT ref, details FROM heartbeats WHERE run = ? ORDER BY ref";

/** All chunks of run ?1, wherever they are. */
export const removeHistory = `
DELETE FROM history WHERE number IN (
  WITH RECURSIVE way (number) AS (
    SELECT tail FROM runs WHERE key = ?1 AND tail IS NOT NULL
    UNION ALL
    SELECT h.before FROM way JOIN history AS h USING (number) WHERE h.before IS NOT NULL AND h.run = ?1
  )
  SELECT number FROM way
)`;

/** The number of the last chunk; 0 if there is none. */
export function lastChunk(db: Pick<DatabaseSync, "prepare">): number {
  return Number(db.prepare("SELECT ifnull(max(number), 0) AS number FROM history").get()?.["number"]);
}

/** 1 for a chunk of `count` events after event `head` that is a milestone, else 0. */
export function isMilestone(head: number, count: number): 0 | 1 {
  return Math.floor((head + count) / milestoneEvents) > Math.floor(head / milestoneEvents) ? 1 : 0;
}

/** The checksum of a chunk at its place. */
export function checksumOf(key: number, seq: number, events: string): number {
  return crc32(events, (key ^ Math.imul(seq, 0x9e3779b1)) >>> 0);
}

function damaged(key: number, seq: number, seen: { expected: string; found: string }): DarumaError {
  return new DarumaError("DRM-CORRUPT-HISTORY", {
    message: `The history of the run with key ${key} is damaged at event ${seq}.`,
    subject: `run ${key}, event ${seq}`,
    ...seen,
    details: { key, seq },
  });
}

function toChunk(key: number, row: Row): HistoryChunk {
  const { run, seq, events, checksum } = row as {
    run: number;
    seq: number;
    events: string;
    checksum: number;
  };
  if (run !== key) throw damaged(key, seq, { expected: `run ${key}`, found: `run ${run}` });
  const found = checksumOf(key, seq, events);
  if (found === checksum) return { seq, events };
  throw damaged(key, seq, { expected: `checksum ${checksum}`, found: `checksum ${found}` });
}

/** The chunks from the one that holds event `from` to the one with the number `end`. */
function stretch(connection: Connection, key: number, way: { end: number; from: number }): HistoryChunk[] {
  const chunks = connection
    .prepare(wayBack)
    .all(way.end, way.from)
    .map((row) => toChunk(key, row));
  const [first] = chunks;
  if (first !== undefined && first.seq <= way.from) return chunks;
  throw damaged(key, way.from, { expected: "a chunk that holds it", found: "none" });
}

interface Place {
  readonly from: number;
  readonly limit: number;
}

function placeOf(connection: Connection, key: number): RunPlace {
  const row = connection.prepare(place).get(key) as unknown as RunPlace | undefined;
  return row ?? { head: 0, tail: null };
}

function read(connection: Connection, key: number, { from, limit }: Place): HistoryChunk[] {
  const { head, tail } = placeOf(connection, key);
  const chunks: HistoryChunk[] = [];
  if (tail === null || head < from) return chunks;
  for (let at = Math.max(from, 1); chunks.length < limit;) {
    const mile = connection.prepare(nextMilestone).get(key, at) as unknown as Milestone | undefined;
    const known = chunks.at(-1)?.seq ?? 0;
    for (const chunk of stretch(connection, key, { end: mile?.number ?? tail, from: at }))
      if (chunk.seq > known) chunks.push(chunk);
    if (mile === undefined) break;
    at = mile.seq;
  }
  return chunks.slice(0, limit);
}

interface RunPlace {
  readonly head: number;
  readonly tail: number | null;
}

interface Milestone {
  readonly number: number;
  readonly seq: number;
}

function last(connection: Connection, key: number): HistoryChunk | undefined {
  const { head, tail } = placeOf(connection, key);
  if (tail === null) return undefined;
  const row = connection.prepare(chunkAt).get(tail);
  if (row === undefined) throw damaged(key, head, { expected: "a chunk that holds it", found: "none" });
  return toChunk(key, row);
}

function heartbeats(connection: Connection, key: number): { ref: number; details: string }[] {
  const rows = connection.prepare(allHeartbeats).all(key);
  return rows.map((row) => ({ ref: Number(row["ref"]), details: String(row["details"]) }));
}

/** The contract's part for histories. */
export function sqliteHistories(connection: Connection): Histories {
  return {
    read: async (key, from, limit) => connection.read(() => read(connection, key, { from, limit })),
    last: async (key) => connection.read(() => last(connection, key)),
    heartbeats: async (key) => connection.read(() => heartbeats(connection, key)),
  };
}
