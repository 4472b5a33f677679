/** Opens the example's database by URL, up to date and with its seed if that is wanted. */
import { ValidationError } from "../errors.ts";
import { loadSeed } from "../seed/load.ts";
import { migrate } from "./migrate.ts";
import { openPostgres } from "./postgres.ts";
import type { Database } from "./sql.ts";
import { openSqlite } from "./sqlite.ts";

/**
 * `sqlite:FILE` or `postgres://…`. With `seed`, an empty database gets the goals of `seed/goals.json`.
 * @throws ValidationError if the URL is of another kind or the driver is missing
 */
export async function openDatabase(
  url: string,
  options: { readonly seed?: boolean } = {},
): Promise<Database> {
  const database = await connect(url);
  try {
    await migrate(database);
    if (options.seed === true) await loadSeed(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function connect(url: string): Promise<Database> {
  if (url.startsWith("sqlite:")) return openSqlite(url.slice("sqlite:".length));
  if (/^postgres(?:ql)?:/u.test(url)) return openPostgres(url);
  throw new ValidationError("The database must be sqlite:FILE or postgres://…");
}
