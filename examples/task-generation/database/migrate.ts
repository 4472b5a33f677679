/** Brings a database up to date: the numbered files of `migrations/`, in their order, each once and whole. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Database } from "./sql.ts";

const table = "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)";
const folder = path.join(import.meta.dirname, "migrations");

/** Two processes may do this at once: what the other one has done is passed over. */
export async function migrate(database: Database): Promise<void> {
  // PostgreSQL refuses the second of two who create a table at once; then it is there.
  await database.script(table).catch(() => database.script(table));
  const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  for (const name of files) {
    const text = await readFile(path.join(folder, name), "utf8");
    await database.transaction(async (sql) => {
      // The row first: another process waits here until this one has committed.
      const mine = await sql.run(
        "INSERT INTO migrations (name, applied_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
        [name, Date.now()],
      );
      if (mine === 1) await sql.script(text);
    });
  }
}
