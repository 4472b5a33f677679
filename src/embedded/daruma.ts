/** Daruma in this process: a store, an engine and a client, opened and closed together. */
import { createRequire } from "node:module";
import { hostname } from "node:os";
import { extname } from "node:path";
import type { Backend } from "../client/backend.ts";
import { Client } from "../client/client.ts";
import { databaseOf } from "../client/http-address.ts";
import { connectLocal } from "../client/http-connect.ts";
import { durationMs } from "../core/duration.ts";
import type { Duration } from "../core/duration.ts";
import { resolveLimits } from "../core/limits.ts";
import type { Limits } from "../core/limits.ts";
import { createEngine } from "../engine/create-engine.ts";
import { outsideOnly, refuseHere } from "../engine/guard/forbid.ts";
import type { Engine } from "../engine/engine.ts";
import type { EngineOptions } from "../engine/options.ts";
import { createWatchdog } from "../engine/watchdog.ts";
import type { Records } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { jsonLines } from "../telemetry/telemetry.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { Json } from "../notations/asl/json.ts";
import type { AnyWorkflow, Workflow } from "../workflow/workflow.ts";
import { embeddedBackend } from "./embedded-backend.ts";
import { notFromWorkflows, notOpening, recordsNotFromWorkflows } from "./from-workflows.ts";
import { nodePorts } from "./node-ports.ts";
import { openStore } from "./open-store.ts";
import { serve } from "./serve.ts";
import type { Serving } from "./serve.ts";
import type { stateMachine, StateMachineOptions } from "./state-machine.ts";

// Whoever writes workflows in TypeScript only need not wait for an interpreter, and whoever adds a state machine need not write `await`.
const load = createRequire(import.meta.url);
/** `state-machine.ts` beside this file, or `state-machine.js` when both are built. */
const machines = `./state-machine${extname(import.meta.url)}`;

interface StateMachines {
  readonly stateMachine: typeof stateMachine;
}

/** How a Daruma is opened. */
export interface DarumaOptions {
  readonly workflows?: readonly AnyWorkflow[] | undefined;
  /** Slots of task queues by name: how many activities of each run at once here. */
  readonly taskQueues?: Readonly<Record<string, number>> | undefined;
  /** Slots of queues that are not named. Default: 1000. */
  readonly slots?: number | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** How many idle runs stay in memory. Default: 1000. */
  readonly cacheSize?: number | undefined;
  /** How long a run is kept after it has closed, with its history. Default: for ever. */
  readonly retention?: Duration | undefined;
  /** Replay each run when it has closed, and compare. Default: true if NODE_ENV is `development` or `test`. */
  readonly checkDeterminism?: boolean | undefined;
  /** Takes logs. Default: warnings and errors as lines of JSON on stderr. */
  readonly telemetry?: Telemetry | undefined;
  /** How long `close()` lets running activities finish. Default: 10 seconds. */
  readonly drain?: Duration | undefined;
  /** Listen on a socket beside the database (this user's processes only), for the command `daruma` and `Daruma.connect`. Default: true. */
  readonly endpoint?: boolean | undefined;
  /** What happens when the store becomes unusable. Default: says so and ends the process, because nothing can be promised any more. */
  readonly onFatal?: ((error: Error) => void) | undefined;
}

/** How long a lease lasts without being renewed. */
const leaseMs = 30_000;

function endProcess(error: Error): void {
  process.stderr.write(
    `daruma: the store is unusable, the process ends now so that nothing is promised that is not kept.\n${error.message}\n`,
  );
  process.exit(70);
}

function inDevelopment(): boolean {
  return process.env["NODE_ENV"] === "development" || process.env["NODE_ENV"] === "test";
}

/** The engine of this process: the real clock and ids, with what users may choose. */
export function engineOptions(store: Store, options: DarumaOptions): EngineOptions {
  const limits = resolveLimits(options.limits);
  return {
    store,
    workflows: options.workflows ?? [],
    ports: nodePorts,
    limits,
    telemetry: options.telemetry ?? jsonLines((line) => process.stderr.write(line), nodePorts.clock.now),
    taskQueues: options.taskQueues ?? {},
    slots: options.slots ?? 1000,
    cacheSize: options.cacheSize ?? 1000,
    leaseMs,
    retentionMs: options.retention === undefined ? undefined : durationMs(options.retention, "retention"),
    checkDeterminism: options.checkDeterminism ?? inDevelopment(),
    label: `${hostname()} ${process.pid}`,
    watch: () => createWatchdog(limits.turnMs),
    onFatal: options.onFatal ?? endProcess,
  };
}

/** Durable workflows in this process. */
export class Daruma extends Client {
  /** Small documents in the store, beside the runs: what a program keeps about its workflows. Not for workflow code. */
  readonly records: Records;

  readonly #engine: Engine;

  private constructor(backend: Backend, records: Records, engine: Engine) {
    super(backend, nodePorts.ids.unique);
    this.records = outsideOnly(records, recordsNotFromWorkflows);
    this.#engine = engine;
  }

  /**
   * Adds a state machine: a workflow defined in the Amazon States Language, with the functions that its tasks call. Its open runs go on.
   * The same as `stateMachine()` of `daruma/asl` among the `workflows` of `open`, but that the language is loaded when it is first needed.
   * @throws DarumaError DRM-INVALID-DEFINITION, DRM-DUPLICATE-WORKFLOW
   */
  stateMachine(definition: string | object, options: StateMachineOptions = {}): Workflow<unknown, Json> {
    const machine = (load(machines) as StateMachines).stateMachine(definition, options);
    this.#engine.add(machine);
    return machine;
  }

  /**
   * Opens the store at `url` and goes on with every run that is open. `sqlite:./daruma.db` is a file, `memory:` forgets everything at the end.
   * @throws DarumaError DRM-STORE-BUSY (another process has it open), DRM-STORE-URL, DRM-STORE-LOST-COMMITS, DRM-DUPLICATE-WORKFLOW, …
   */
  static async open(url: string, options: DarumaOptions = {}): Promise<Daruma> {
    refuseHere(notOpening);
    const drainMs = durationMs(options.drain ?? "10s", "drain");
    const store = await openStore(url);
    let served: Serving | undefined;
    try {
      const running = engineOptions(store, options);
      const database = options.endpoint === false ? undefined : databaseOf(url);
      served = database === undefined ? undefined : await serve(database, running);
      const engine = await createEngine(running);
      const backend = embeddedBackend(engine, drainMs, async () => served?.close());
      served?.ready(engine, backend);
      return new Daruma(backend, store.records, engine);
    } catch (error) {
      await served?.close();
      await store.close();
      throw error;
    }
  }

  /**
   * A client on the process that has the store at `url` open: its runs, through its engine. `close()` ends the connection, not the process.
   * @throws DarumaError DRM-CONNECTION (no process answers), DRM-STORE-URL (only files can be open in another process)
   */
  static async connect(url: string): Promise<Client> {
    refuseHere(notOpening);
    const { backend } = await connectLocal(url);
    return new Client(outsideOnly(backend, notFromWorkflows), nodePorts.ids.unique);
  }
}
