/** Puts the Step Functions API together over a client and records, and listens. */
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Client } from "../../client/client.ts";
import { DarumaError } from "../../core/errors.ts";
import type { TaskHost } from "../../notations/asl/task-host.ts";
import type { Records } from "../../store/records.ts";
import type { Telemetry } from "../../telemetry/telemetry.ts";
import { ActivityStore } from "./activity-store.ts";
import type { Home } from "./arn.ts";
import type { ActivityBroker } from "./broker.ts";
import { ExecutionLog, type WriteLine } from "./execution-log.ts";
import { Executions } from "./executions.ts";
import { stepFunctionsHandler } from "./handler.ts";
import { MachineStore } from "./machine-store.ts";
import { perform } from "./operations.ts";
import { machineResolver } from "./resolver.ts";
import type { Service } from "./service.ts";

export interface StepFunctionsOptions extends Pick<Service, "testState" | "awsLimits"> {
  /** Knows the workflow `asl`. */
  readonly client: Client;
  readonly records: Records;
  readonly home: Home;
  /** The one that the state machines' tasks are offered to. */
  readonly broker: ActivityBroker;
  readonly telemetry: Telemetry;
  /** 0: any free one. */
  readonly port: number;
  /** The address to listen on. Default: 127.0.0.1. */
  readonly bind?: string | undefined;
  /** Further names by which clients may call this server. */
  readonly hosts?: readonly string[] | undefined;
  /** Takes the lines of execution logs, with their ends. Absent: none are written. */
  readonly log?: WriteLine | undefined;
  /** Epoch milliseconds. Default: the system's clock. */
  readonly now?: (() => number) | undefined;
  /** Default: the system's. */
  readonly random?: (() => number) | undefined;
}

export interface StepFunctionsServer {
  readonly port: number;
  /** Does what a request would ask for, from inside this process. @throws ApiError */
  perform(operation: string, parameters: unknown): Promise<object>;
  /** Answers a task that is about to start an execution. */
  readonly resolve: TaskHost["resolve"];
  /** Stops listening and ends all connections. To be called before the client is closed. */
  close(): Promise<void>;
}

/** Serves the API. @throws DarumaError DRM-CONNECTION: the port cannot be had */
export async function serveStepFunctions(options: StepFunctionsOptions): Promise<StepFunctionsServer> {
  const { client, records, telemetry, bind = "127.0.0.1" } = options;
  const machines = new MachineStore(records);
  const executions = new Executions(client);
  const failed = (error: unknown): void =>
    telemetry({ level: "warn", event: "execution_log_failed", message: String(error) });
  const write = options.log;
  const { runs } = executions;
  const log = write && new ExecutionLog({ client, records, machines, runs, write, failed });
  const service: Service = {
    ...options,
    machines,
    executions,
    activities: new ActivityStore(records),
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    unique: randomUUID,
    launch: (runId, input, start) => (log === undefined ? start() : log.launch(runId, input, start)),
  };
  const closing = new AbortController();
  const hosts = [...ownHosts, bind, ...(options.hosts ?? [])].flatMap((host) => [host, `sync-${host}`]);
  const server = createServer(stepFunctionsHandler({ service, hosts, telemetry }));
  server.on("clientError", (_error, socket) => void socket.destroy());
  await log?.resume();
  const port = await listen(server, options.port, bind);
  return {
    port,
    perform: (name, values) => perform(service, { name, values }, { signal: closing.signal }),
    resolve: machineResolver({ machines, random: service.random, log }),
    close: async () => {
      closing.abort();
      await closeServer(server);
    },
  };
}

/** Names of this machine that only lead to itself. */
const ownHosts = ["localhost", "127.0.0.1", "[::1]"];

async function listen(server: Server, port: number, bind: string): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host: bind, exclusive: true }, resolve);
    });
  } catch (cause) {
    throw new DarumaError("DRM-CONNECTION", {
      message: `The port ${port} of ${bind} cannot be had.`,
      subject: `${bind}:${port}`,
      fix: "Stop what listens there, or choose another port.",
      cause,
    });
  }
  // A connection that breaks while it is being accepted is its client's matter.
  server.on("error", () => {});
  return (server.address() as AddressInfo).port;
}

/** Answers that are under way get the rest of this turn of the event loop to leave. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await new Promise<void>((resolve) => void setImmediate(resolve));
  server.closeAllConnections();
  await closed;
}
