/*
 * LocalStack's Step Functions: a server process from the package `localstack-core`, without Docker. It keeps what it runs in memory.
 *
 * - It is installed into a virtual environment, beside what npm installs: see BENCHMARKS.md. LOCALSTACK_PYTHON names the interpreter of another one.
 * - It runs functions in containers only, so machines with tasks are not measured.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MachineSubject } from "../../asl/compare.ts";
import { deployOver } from "../../asl/http.ts";
import { BenchError } from "../../driver/subject.ts";
import { freePort, type Peer } from "./peer.ts";
import { startServer } from "./process.ts";

/** It imports most of what it could be, whatever it is asked to be. */
const READY_MS = 120_000;
const python =
  process.env["LOCALSTACK_PYTHON"] ?? fileURLToPath(new URL("../.venv/bin/python", import.meta.url));

/** LocalStack with Step Functions and nothing else. */
export const localstack: Peer<MachineSubject> = {
  name: "localstack",
  async open(folder) {
    if (!existsSync(python)) {
      throw new BenchError(
        "LocalStack is not installed: python3.13 -m venv bench/peers/.venv && " +
          "bench/peers/.venv/bin/pip install -r bench/peers/localstack.txt",
      );
    }
    const gateway = `127.0.0.1:${await freePort()}`;
    const url = `http://${gateway}/`;
    const server = startServer({
      name: "localstack",
      command: python,
      args: ["-m", "localstack.runtime.main"],
      folder,
      environment: environment(folder, gateway),
      endSignal: "SIGTERM",
      readyMs: READY_MS,
    });
    await server.ready(() => fetch(`${url}_localstack/health`));
    return subject(url, () => server.stop());
  },
};

/** Only what has to differ: where it listens, where its files are, one service (and what it asks), nothing sent to anybody. */
function environment(folder: string, gateway: string): Record<string, string> {
  return {
    HOME: folder,
    FILESYSTEM_ROOT: join(folder, "localstack"),
    GATEWAY_LISTEN: gateway,
    LOCALSTACK_HOST: gateway,
    SERVICES: "stepfunctions,sts,iam",
    DNS_ADDRESS: "0",
    DISABLE_EVENTS: "1",
    SKIP_SSL_CERT_DOWNLOAD: "1",
  };
}

function subject(url: string, close: () => Promise<void>): MachineSubject {
  const script = "from importlib.metadata import version; print(version('localstack-core'))";
  const version = execFileSync(python, ["-c", script], { encoding: "utf8" }).trim();
  return {
    name: `LocalStack ${version} (in memory)`,
    note:
      "Server process without Docker, its own defaults; only Step Functions is enabled. The client is in the benchmark's process; " +
      "EXPRESS machines, StartSyncExecution over HTTP/1.1 on the loopback address.",
    transport: "socket",
    durability: "none: what it runs is in memory",
    async deploy(name, definition) {
      if (JSON.stringify(definition).includes('"Task"'))
        throw new BenchError("it runs functions in containers, which needs Docker");
      return deployOver(url, name, definition);
    },
    close,
  };
}
