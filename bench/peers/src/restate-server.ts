/*
 * A Restate server for one benchmark: loopback address only, free ports, its own defaults.
 * Only what has to differ is set: where it listens, where its files are, and that it sends no usage statistics.
 */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { BenchError } from "../../driver/subject.ts";
import { freePort } from "./peer.ts";
import { startServer } from "./process.ts";

/** A running server. */
export interface RestateServer {
  /** Where clients call services. */
  readonly ingressUrl: string;
  /** The settings on which durability hangs, as the server resolves them. */
  readonly durability: string;
  /** Makes the services at `uri` known to the server. */
  register(uri: string): Promise<void>;
  stop(): Promise<void>;
}

interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What must hold for an acknowledged journal entry to be on the disk: section and line of the configuration. */
const REQUIRED = [
  { section: "bifrost", name: "default-provider", value: '"replicated"' },
  { section: "log-server", name: "rocksdb-disable-wal-fsync", value: "false" },
] as const;

/** Starts a server with its files in `folder`. Throws a BenchError if it does not start or is not durable. */
export async function startRestate(folder: string): Promise<RestateServer> {
  const [node, ingress, admin] = [await freePort(), await freePort(), await freePort()];
  const launch: Launch = {
    command: binary(),
    args: ["--no-logo", "--listen-mode=tcp", "--node-name=bench", `--base-dir=${join(folder, "restate")}`],
    environment: {
      RESTATE_BIND_IP: "127.0.0.1",
      RESTATE_BIND_PORT: String(node),
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_ADMIN__BIND_PORT: String(admin),
      RESTATE_DISABLE_TELEMETRY: "true",
    },
  };
  const durability = readBack(launch);
  const server = startServer({ name: "restate", ...launch, folder, endSignal: "SIGTERM" });
  const [ingressUrl, adminUrl] = [`http://127.0.0.1:${ingress}`, `http://127.0.0.1:${admin}`];
  await server.ready(async () => {
    await ask(`${adminUrl}/health`);
    await ask(`${ingressUrl}/restate/health`);
  });
  return {
    ingressUrl,
    durability,
    register: (uri) =>
      ask(`${adminUrl}/deployments`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ uri }),
      }),
    stop: () => server.stop(),
  };
}

function binary(): string {
  const require = createRequire(import.meta.url);
  return require.resolve(`@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`);
}

/** The server itself prints the configuration that these arguments and this environment give. */
function readBack({ command, args, environment }: Launch): string {
  const dump = execFileSync(command, [...args, "--dump-config"], {
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  const found = REQUIRED.map(({ section, name, value }) => {
    const lines = dump.split(`\n[${section}]\n`)[1]?.split("\n[")[0] ?? "";
    if (lines.split("\n").includes(`${name} = ${value}`))
      return `${section}.${name}=${value.replaceAll('"', "")}`;
    throw new BenchError(`Restate: expected ${name} = ${value} in [${section}], found:\n${lines}`);
  });
  return `Restate's log server (RocksDB): ${found.join(", ")}`;
}

async function ask(url: string, init: RequestInit = {}): Promise<void> {
  const response = await fetch(url, init);
  const answer = await response.text();
  if (!response.ok) throw new BenchError(`${url} answered ${response.status}: ${answer}`);
}
