/** Records in memory. Writes run without a pause, so they are whole to every observer. */
import type {
  RecordCondition,
  RecordFilter,
  Records,
  RecordWritten,
  StoredRecord,
} from "../../store/records.ts";
import type { MemoryDatabase } from "./database.ts";

/** By code point, as UTF-8 orders texts; JavaScript orders by UTF-16 unit. */
function byKey(left: StoredRecord, right: StoredRecord): number {
  return Buffer.compare(Buffer.from(left.key), Buffer.from(right.key));
}

function find(db: MemoryDatabase, collection: string, key: string): StoredRecord | undefined {
  return db.state.records.get(collection.toWellFormed())?.get(key.toWellFormed());
}

function isAsExpected(found: StoredRecord | undefined, { expected }: RecordCondition): boolean {
  if (expected === undefined) return true;
  return expected === "absent" ? found === undefined : found?.version === expected;
}

function list(db: MemoryDatabase, collection: string, filter: RecordFilter): StoredRecord[] {
  const prefix = filter.prefix?.toWellFormed() ?? "";
  const after = filter.after === undefined ? undefined : Buffer.from(filter.after.toWellFormed());
  return [...(db.state.records.get(collection.toWellFormed())?.values() ?? [])]
    .filter(({ key }) => key.startsWith(prefix))
    .filter(({ key }) => after === undefined || Buffer.compare(Buffer.from(key), after) > 0)
    .toSorted(byKey)
    .slice(0, filter.limit);
}

function put(
  db: MemoryDatabase,
  collection: string,
  record: RecordCondition & { readonly key: string; readonly text: string },
): RecordWritten {
  if (!isAsExpected(find(db, collection, record.key), record)) return "conflict";
  const name = collection.toWellFormed();
  const records = db.state.records.get(name) ?? new Map<string, StoredRecord>();
  db.state.records.set(name, records);
  const key = record.key.toWellFormed();
  const version = db.state.nextVersion++;
  records.set(key, { key, text: record.text.toWellFormed(), version });
  return version;
}

function remove(
  db: MemoryDatabase,
  collection: string,
  record: RecordCondition & { readonly key: string },
): "removed" | "conflict" {
  if (!isAsExpected(find(db, collection, record.key), record)) return "conflict";
  db.state.records.get(collection.toWellFormed())?.delete(record.key.toWellFormed());
  return "removed";
}

/** The records of a database. `use` rejects when the store is closed. */
export function memoryRecords(use: () => MemoryDatabase): Records {
  return {
    get: async (collection, key) => {
      const found = find(use(), collection, key);
      return found === undefined ? undefined : { ...found };
    },
    list: async (collection, filter) => list(use(), collection, filter).map((record) => ({ ...record })),
    put: async (collection, key, record) => put(use(), collection, { ...record, key }),
    remove: async (collection, key, condition = {}) => remove(use(), collection, { ...condition, key }),
  };
}
