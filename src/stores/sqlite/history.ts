/**
 * Histories and heartbeats.
 *
 * Each chunk has a checksum of its own (CRC-32), because neither SQLite nor the disk vouches for what a page says. It begins from the run's key and the
 * event's number, so a chunk in the wrong place is found out too.
 */
import { crc32 } from "node:zlib";
import { DarumaError } from "../../core/errors.ts";
import type { Histories, HistoryChunk } from "../../store/history.ts";
import type { Connection, Row } from "./connection.ts";

/** The first chunk is the one that holds event ?2, if there is such an event. */
const page = `
SELECT seq, events, checksum FROM history
WHERE run = ?1
  AND seq >= (SELECT max(seq) FROM history WHERE run = ?1 AND seq <= max(?2, 1))
  AND EXISTS (SELECT 1 FROM runs WHERE key = ?1 AND head >= ?2)
ORDER BY seq LIMIT ?3`;

const lastChunk = "SELECT seq, events, checksum FROM history WHERE run = ? ORDER BY seq DESC LIMIT 1";
const allHeartbeats = "SELECT ref, details FROM heartbeats WHERE run = ? ORDER BY ref";

/** The checksum of a chunk at its place. */
export function checksumOf(key: number, seq: number, events: string): number {
  return crc32(events, (key ^ Math.imul(seq, 0x9e3779b1)) >>> 0);
}

function toChunk(key: number, row: Row): HistoryChunk {
  const { seq, events, checksum } = row as { seq: number; events: string; checksum: number };
  const found = checksumOf(key, seq, events);
  if (found === checksum) return { seq, events };
  throw new DarumaError("DRM-CORRUPT-HISTORY", {
    message: `The history of the run with key ${key} is damaged at event ${seq}.`,
    subject: `run ${key}, event ${seq}`,
    expected: `checksum ${checksum}`,
    found: `checksum ${found}`,
    details: { key, seq },
  });
}

function read(connection: Connection, key: number, place: { from: number; limit: number }): HistoryChunk[] {
  return connection
    .prepare(page)
    .all(key, place.from, place.limit)
    .map((row) => toChunk(key, row));
}

function last(connection: Connection, key: number): HistoryChunk | undefined {
  const row = connection.prepare(lastChunk).get(key);
  return row === undefined ? undefined : toChunk(key, row);
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
