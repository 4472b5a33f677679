/** PostgreSQL by URL, by way of the package `pg`, which is loaded only when it is used. */
import type { Pool, PoolClient } from "pg";
import { TransientError, ValidationError } from "../errors.ts";
import type { Database, Sql, Value } from "./sql.ts";

/** Classes of SQLSTATE: connection, rollback (serialization, deadlock), resources, operator intervention. */
const transientState = /^(?:08|40|53|57)/u;
const transientCode = /^E(?:CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND)$/u;
/** `bigint`, which arrives as text. All numbers of the example are below 2^53. */
const int8 = 20;

/** @throws ValidationError if the package `pg` is not installed */
export async function openPostgres(url: string): Promise<Database> {
  const { default: pg } = await import("pg").catch((cause: unknown) => {
    throw new ValidationError("The database is PostgreSQL, but the package is missing: npm install pg", {
      cause,
    });
  });
  const types = new pg.TypeOverrides();
  types.setTypeParser(int8, Number);
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 10_000, types });
  // A connection that dies while nobody uses it: the next statement opens another one.
  pool.on("error", () => undefined);
  return { ...statements(pool), transaction: (work) => whole(pool, work), close: () => pool.end() };
}

function statements(connection: Pool | PoolClient): Sql {
  const query = async (text: string, values: readonly Value[] = []): Promise<Answer> => {
    try {
      return await connection.query(numbered(text), [...values]);
    } catch (error) {
      throw told(error);
    }
  };
  return {
    all: async <Row>(text: string, values?: readonly Value[]) => (await query(text, values)).rows as Row[],
    run: async (text, values) => (await query(text, values)).rowCount ?? 0,
    script: async (text) => void (await query(text)),
  };
}

interface Answer {
  readonly rows: unknown[];
  readonly rowCount: number | null;
}

async function whole<Result>(pool: Pool, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw told(error);
  });
  // A connection that dies between two statements says so once more, to nobody in particular; the next statement fails.
  const ignore = (): void => undefined;
  client.on("error", ignore);
  const sql = statements(client);
  let broken: boolean = false;
  try {
    await sql.script("BEGIN");
    const result = await work(sql);
    await sql.script("COMMIT");
    return result;
  } catch (error) {
    await sql.script("ROLLBACK").catch(() => (broken = true));
    throw error;
  } finally {
    client.off("error", ignore);
    client.release(broken);
  }
}

/** `?` becomes `$1`, `$2`, …; the statements of the example have no `?` in their texts. */
function numbered(text: string): string {
  let count = 0;
  return text.replaceAll("?", () => `$${++count}`);
}

function told(error: unknown): unknown {
  const { code = "", message = "" } = Object(error) as { code?: string; message?: string };
  const away = transientState.test(code) || transientCode.test(code) || /timeout|terminated/iu.test(message);
  return away ? new TransientError(`The database is not available: ${message}`, { cause: error }) : error;
}
