/**
 * What the example needs of an SQL database. The statements are written once, in SQL that SQLite and PostgreSQL both take, with `?` for values.
 *
 * A transaction is whole or not at all, on the disk when it resolves, and nobody else's statements run inside it.
 */

export type Value = string | number | null;

export interface Sql {
  /** The rows, with their column names as keys. */
  all<Row>(text: string, values?: readonly Value[]): Promise<Row[]>;
  /** How many rows it changed. */
  run(text: string, values?: readonly Value[]): Promise<number>;
  /** Several statements without values, as in a migration. */
  script(text: string): Promise<void>;
}

export interface Database extends Sql {
  /** Runs `work` in a transaction; what it throws rolls it back and comes out. @throws TransientError if the database is busy or away */
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** The first row, if there is one. */
export async function first<Row>(
  sql: Sql,
  text: string,
  values: readonly Value[] = [],
): Promise<Row | undefined> {
  return (await sql.all<Row>(text, values))[0];
}
