/**
 * Records in SQLite. Each write is a transaction of its own, counted like a commit, so that a lost one is noticed; the count is also the record's version.
 */
import type {
  RecordCondition,
  RecordFilter,
  Records,
  RecordWritten,
  StoredRecord,
} from "../../store/records.ts";
import { type Connection, countOf, type Row } from "./connection.ts";

const upsert = `
INSERT INTO records (collection, key, text, version) VALUES (?, ?, ?, ?)
ON CONFLICT (collection, key) DO UPDATE SET text = excluded.text, version = excluded.version`;

interface Place {
  readonly collection: string;
  readonly key: string;
}

function toRecord(row: Row): StoredRecord {
  const { key, text, version } = row as { key: string; text: string; version: number };
  return { key, text, version };
}

function find(connection: Connection, { collection, key }: Place): StoredRecord | undefined {
  const sql = "SELECT key, text, version FROM records WHERE collection = ? AND key = ?";
  const row = connection.prepare(sql).get(collection, key);
  return row === undefined ? undefined : toRecord(row);
}

function list(connection: Connection, collection: string, filter: RecordFilter): StoredRecord[] {
  const terms = ["collection = ?"];
  const values: (string | number | Uint8Array)[] = [collection];
  if (filter.prefix !== undefined && filter.prefix !== "") {
    // Everything that begins with the prefix, in UTF-8: no character begins with the byte FF.
    terms.push("key >= ?", "key < CAST(? AS TEXT)");
    const first = filter.prefix.toWellFormed();
    values.push(first, Buffer.concat([Buffer.from(first), Buffer.of(0xff)]));
  }
  if (filter.after !== undefined) {
    terms.push("key > ?");
    values.push(filter.after.toWellFormed());
  }
  const sql = `SELECT key, text, version FROM records WHERE ${terms.join(" AND ")} ORDER BY key LIMIT ?`;
  return connection
    .prepare(sql)
    .all(...values, filter.limit)
    .map(toRecord);
}

/** No other process has the file, so what holds now holds in the transaction that follows: a conflict costs no write. */
function isAsExpected(connection: Connection, place: Place, { expected }: RecordCondition): boolean {
  if (expected === undefined) return true;
  const found = find(connection, place);
  return expected === "absent" ? found === undefined : found?.version === expected;
}

function put(
  connection: Connection,
  place: Place,
  record: RecordCondition & { readonly text: string },
): RecordWritten {
  if (!connection.read(() => isAsExpected(connection, place, record))) return "conflict";
  return connection.write(() => {
    const version = countOf(connection.counters) + 1;
    connection.prepare(upsert).run(place.collection, place.key, record.text.toWellFormed(), version);
    return version;
  });
}

function remove(connection: Connection, place: Place, condition: RecordCondition): "removed" | "conflict" {
  if (!connection.read(() => isAsExpected(connection, place, condition))) return "conflict";
  const sql = "DELETE FROM records WHERE collection = ? AND key = ?";
  connection.write(() => connection.prepare(sql).run(place.collection, place.key));
  return "removed";
}

/** The contract's part for records. */
export function sqliteRecords(connection: Connection): Records {
  const placeOf = (collection: string, key: string): Place => ({
    collection: collection.toWellFormed(),
    key: key.toWellFormed(),
  });
  return {
    get: async (collection, key) => connection.read(() => find(connection, placeOf(collection, key))),
    list: async (collection, filter) =>
      connection.read(() => list(connection, collection.toWellFormed(), filter)),
    put: async (collection, key, record) => put(connection, placeOf(collection, key), record),
    remove: async (collection, key, condition = {}) =>
      remove(connection, placeOf(collection, key), condition),
  };
}
