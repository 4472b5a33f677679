/**
 * `daruma run` at work: starts the run, or finds it, shows it until it has closed, and says how it ended.
 *
 * Invariants:
 * - The run is started once: a start that is repeated because the answer was lost carries the same id and operation (D3).
 * - If the process that moves the run goes away, this one takes its place, or follows whoever does.
 * - The first signal to end leaves the run open and lets activities finish; the second ends the process at once.
 */
import type { Parked } from "../client/backend.ts";
import type { Client } from "../client/client.ts";
import { DarumaError, DuplicateRunError, quoted } from "../core/errors.ts";
import { checkName } from "../core/names.ts";
import { printable } from "../core/printable.ts";
import { Daruma } from "../embedded/daruma.ts";
import { nodePorts } from "../embedded/node-ports.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { AnyWorkflow, Workflow } from "../workflow/workflow.ts";
import { shellWord } from "./context.ts";
import type { Context } from "./context.ts";
import { unknownThere } from "./commands/shared.ts";
import { closeSlowly } from "./ending.ts";
import { exitCodes, statusOfError } from "./exit-code.ts";
import type { EndSignal } from "./io.ts";
import { Follower } from "./live/follow.ts";
import { viewOf } from "./live/view.ts";
import type { View } from "./live/view.ts";
import type { LoadedModule } from "./module.ts";
import { outcomeOf, reportOutcome } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { isLost, reach } from "./reach.ts";
import { newRunId } from "./run-id.ts";
import { parkedLines } from "./text/parked.ts";

/** What is to be run. */
export interface RunRequest {
  readonly module: LoadedModule;
  readonly workflow: AnyWorkflow;
  readonly input: unknown;
  readonly timeout: number | undefined;
  readonly id: string | undefined;
}

/** A way to the run, for as long as it lasts. */
interface Way {
  readonly client: Client;
  /** The process that moves the run; undefined: this one. */
  readonly pid: number | undefined;
}

/** How following ended: with the run's outcome, with a signal, with code that does not fit, or with the loss of the process that moved the run. */
type Ending = { readonly outcome: Outcome } | { readonly signal: EndSignal } | "parked" | "lost";

export class RunSession {
  readonly #context: Context;
  readonly #request: RunRequest;
  readonly #id: string;
  readonly #operation: string = nodePorts.ids.unique();
  readonly #view: View;
  readonly #follower: Follower;
  readonly #parked: PromiseWithResolvers<"parked"> = Promise.withResolvers();
  #found = false;

  constructor(context: Context, request: RunRequest) {
    const { io } = context;
    this.#context = context;
    this.#request = request;
    this.#id = checkName("run id", request.id ?? newRunId(request.workflow.name, io.now(), nodePorts.ids));
    this.#view = viewOf(context, this.#id);
    this.#follower = new Follower(io, this.#view, (id) => {
      if (id === this.#id) this.#parked.resolve("parked");
    });
  }

  /** Runs, and returns the exit code. */
  async run(): Promise<number> {
    const { io } = this.#context;
    const signaled = Promise.withResolvers<EndSignal>();
    let count = 0;
    const off = io.onEndSignal((signal) => {
      if (count++ > 0) io.exit(codeOf(signal));
      signaled.resolve(signal);
    });
    try {
      return await this.#untilClosed(signaled.promise);
    } finally {
      this.#view.end();
      off();
    }
  }

  async #untilClosed(signaled: Promise<EndSignal>): Promise<number> {
    for (;;) {
      const way = await this.#reach();
      const ending = await this.#follow(way, signaled);
      if (ending !== "lost") return await this.#finish(way, ending);
      await way.client.close();
      this.#view.say(`Process ${way.pid} has gone; the run goes on.`);
    }
  }

  async #reach(): Promise<Way> {
    const { module, workflow } = this.#request;
    const reached = await reach(this.#context, () =>
      Daruma.open(this.#context.store, { workflows: module.workflows, telemetry: this.#telemetry() }),
    );
    if (reached.at === "here") return { client: reached.opened, pid: undefined };
    const { client, process } = reached;
    if (process.workflows.includes(workflow.name)) return { client, pid: process.pid };
    await client.close();
    throw unknownThere(
      workflow.name,
      process,
      `start a worker that has it: daruma worker ${shellWord(module.path)}`,
    );
  }

  /** What the engine reports about this run is shown with the run itself. */
  #telemetry(): Telemetry {
    return ({ level, message, runId }) => {
      if ((level === "warn" || level === "error") && runId !== this.#id)
        this.#view.say(`${level}: ${printable(message)}`);
    };
  }

  async #follow(way: Way, signaled: Promise<EndSignal>): Promise<Ending> {
    try {
      await this.#startOrFind(way);
      // It rejects when the way is lost, and the outcome says that too.
      const shown = this.#follower.follow(way.client, this.#id).catch(() => {});
      const outcome = await Promise.race([
        outcomeOf(way.client, this.#id),
        signaled.then((signal) => ({ signal })),
        this.#parked.promise,
      ]);
      if (outcome === "parked" || "signal" in outcome) return outcome;
      if ("error" in outcome && way.pid !== undefined && isLost(outcome.error)) return "lost";
      // A run that is parked has no last event that one could wait for.
      if ("value" in outcome || statusOfError(outcome.error) !== undefined) await shown;
      return { outcome };
    } catch (error) {
      if (way.pid !== undefined && isLost(error)) return "lost";
      await way.client.close();
      throw error;
    }
  }

  // --- the beginning ---

  async #startOrFind(way: Way): Promise<void> {
    if (this.#found) return;
    this.#found = this.#request.id !== undefined && (await this.#find(way));
    if (!this.#found) await this.#start(way);
    this.#found = true;
  }

  async #start(way: Way): Promise<void> {
    const { workflow, input, timeout } = this.#request;
    const known = workflow as Workflow<unknown, unknown>;
    try {
      await way.client.start(known, { id: this.#id, input, timeout, operation: this.#operation });
      if (way.pid !== undefined)
        this.#view.say(`Process ${way.pid} has the database open; ${printable(this.#id)} moves there.`);
    } catch (error) {
      // Somebody was quicker.
      if (!(error instanceof DuplicateRunError) || !(await this.#find(way))) throw error;
    }
  }

  /** True if there is an open run with this id and this workflow. @throws DuplicateRunError: it is closed, or another workflow's */
  async #find({ client, pid }: Way): Promise<boolean> {
    const { workflow, input } = this.#request;
    const run = await client
      .get(this.#id)
      .describe()
      .catch((error: unknown) => unlessNotFound(error));
    if (run === undefined) return false;
    const facts = { runId: this.#id, workflow: run.workflow, status: run.status };
    if (run.workflow !== workflow.name) {
      const message = `The run ${quoted(this.#id)} exists already, of workflow ${quoted(run.workflow)}.`;
      throw new DuplicateRunError({ ...facts, message, fix: "Use another --id." });
    }
    if (run.status !== "running") {
      const message = `The run ${quoted(this.#id)} exists already and is ${run.status.replaceAll("_", " ")}.`;
      const fix = `Use another --id, or print its result: daruma result ${shellWord(this.#id)}${this.#context.storeOption}`;
      throw new DuplicateRunError({ ...facts, message, fix });
    }
    // An idle run is only brought into memory when something comes for it; asked for its status, it shows at once whether this code fits.
    await client
      .get(this.#id)
      .query("get_status")
      .catch(() => {});
    const where = pid === undefined ? "" : ` in process ${pid}`;
    this.#view.say(
      `${printable(this.#id)} is open already and goes on${where}${input === undefined ? "" : ", with the input that it has"}.`,
    );
    return true;
  }

  // --- the end ---

  async #finish(way: Way, ending: Exclude<Ending, "lost">): Promise<number> {
    try {
      if (typeof ending === "object" && "signal" in ending) return this.#leave(way, ending.signal);
      const { why } = await way.client.get(this.#id).describe();
      this.#view.end();
      if (why !== undefined) return this.#reportParked(why);
      return ending === "parked" ? exitCodes.failed : reportOutcome(this.#context, this.#id, ending.outcome);
    } finally {
      await closeSlowly(this.#context, way.client, way.pid === undefined);
    }
  }

  #leave(way: Way, signal: EndSignal): number {
    this.#view.end();
    this.#context.tell(this.#leavingText(way));
    return codeOf(signal);
  }

  #reportParked(why: Parked): number {
    const context = this.#context;
    if (context.json) context.emit({ type: "result", run: this.#id, status: "running", parked: why });
    else context.tell([...parkedLines(why, context.err, context.io.now()), `  ${this.#again()}`].join("\n"));
    return exitCodes.failed;
  }

  #leavingText({ pid }: Way): string {
    const id = printable(this.#id);
    return pid === undefined
      ? `Left ${id} open in the database. Go on with it: ${this.#again()}`
      : `Left ${id}, which goes on in process ${pid}. Follow it again: ${this.#again()}`;
  }

  /** The command that goes on with this run. */
  #again(): string {
    const { module, workflow } = this.#request;
    const choice = module.main === workflow ? "" : ` --workflow ${shellWord(workflow.name)}`;
    return `daruma run ${shellWord(module.path)}${choice} --id ${shellWord(this.#id)}${this.#context.storeOption}`;
  }
}

function unlessNotFound(error: unknown): undefined {
  if (error instanceof DarumaError && error.code === "DRM-RUN-NOT-FOUND") return undefined;
  throw error;
}

/** As shells say it: 128 and the number of the signal. */
function codeOf(signal: EndSignal): number {
  return signal === "SIGINT" ? 130 : 143;
}
