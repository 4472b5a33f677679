/**
 * `daruma run` at work: starts the run, or finds it, shows it until it has closed, and says how it ended.
 *
 * Invariants:
 * - If the process that moves the run goes away, this one takes its place, or follows whoever does.
 * - The first signal to end leaves the run open and lets activities finish; the second ends the process at once.
 */
import type { Parked } from "../../client/backend.ts";
import { printable } from "../../core/printable.ts";
import type { Context } from "../context.ts";
import { closeSlowly } from "../ending.ts";
import { exitCodes, statusOfError } from "../exit-code.ts";
import type { EndSignal } from "../io.ts";
import { Follower } from "../live/follow.ts";
import { viewOf } from "../live/view.ts";
import type { View } from "../live/view.ts";
import { outcomeOf, reportOutcome } from "../outcome.ts";
import type { Outcome } from "../outcome.ts";
import { isLost } from "../reach.ts";
import { parkedLines } from "../text/parked.ts";
import { beginRun } from "./begin.ts";
import { commandAgain } from "./request.ts";
import type { RunRequest, Way } from "./request.ts";
import { findWay } from "./way.ts";

/** How following ended: with the run's outcome, with a signal, with code that does not fit, or with the loss of the process that moved the run. */
type Ending = { readonly outcome: Outcome } | { readonly signal: EndSignal } | "parked" | "lost";

export class RunSession {
  readonly #context: Context;
  readonly #request: RunRequest;
  readonly #view: View;
  readonly #follower: Follower;
  readonly #parked: PromiseWithResolvers<"parked"> = Promise.withResolvers();
  readonly #signaled: PromiseWithResolvers<EndSignal> = Promise.withResolvers();
  #begun = false;

  constructor(context: Context, request: RunRequest) {
    this.#context = context;
    this.#request = request;
    this.#view = viewOf(context, request.id);
    this.#follower = new Follower(context.io, this.#view, (id) => {
      if (id === request.id) this.#parked.resolve("parked");
    });
  }

  /** Runs, and returns the exit code. */
  async run(): Promise<number> {
    const { io } = this.#context;
    let count = 0;
    const off = io.onEndSignal((signal) => {
      // Before it has begun there is nothing to leave.
      if (count++ > 0 || !this.#begun) io.exit(codeOf(signal));
      this.#signaled.resolve(signal);
    });
    try {
      return await this.#untilClosed();
    } finally {
      this.#view.end();
      off();
    }
  }

  async #untilClosed(): Promise<number> {
    for (;;) {
      const way = await findWay(this.#context, this.#request, this.#view);
      const ending = await this.#follow(way);
      if (ending !== "lost") return await this.#finish(way, ending);
      await way.client.close();
      this.#view.say(`Process ${way.pid} has gone; the run goes on.`);
    }
  }

  async #follow(way: Way): Promise<Ending> {
    const { storeOption } = this.#context;
    try {
      if (!this.#begun) await beginRun(way, this.#request, { view: this.#view, storeOption });
      this.#begun = true;
      return await this.#watch(way);
    } catch (error) {
      if (way.pid !== undefined && isLost(error)) return "lost";
      await way.client.close();
      throw error;
    }
  }

  async #watch({ client, pid }: Way): Promise<Ending> {
    const { id } = this.#request;
    // It rejects when the way is lost, and the outcome says that too.
    const shown = this.#follower.follow(client, id).catch(() => {});
    const ending = await Promise.race([
      outcomeOf(client, id),
      this.#signaled.promise.then((signal) => ({ signal })),
      this.#parked.promise,
    ]);
    if (ending === "parked" || "signal" in ending) return ending;
    if ("error" in ending && pid !== undefined && isLost(ending.error)) return "lost";
    if (isClosed(ending)) await shown;
    return { outcome: ending };
  }

  // --- the end ---

  async #finish(way: Way, ending: Exclude<Ending, "lost">): Promise<number> {
    try {
      if (typeof ending === "object" && "signal" in ending) return this.#leave(way, ending.signal);
      const outcome = ending === "parked" ? undefined : ending.outcome;
      const closed = outcome !== undefined && isClosed(outcome);
      const { why } = closed ? {} : await way.client.get(this.#request.id).describe();
      this.#view.end();
      if (why !== undefined) return this.#reportParked(why);
      return outcome === undefined
        ? exitCodes.failed
        : reportOutcome(this.#context, this.#request.id, outcome);
    } finally {
      await closeSlowly(this.#context, way.client, way.pid === undefined);
    }
  }

  #leave({ pid }: Way, signal: EndSignal): number {
    const id = printable(this.#request.id);
    const again = commandAgain(this.#context, this.#request);
    this.#view.end();
    this.#context.tell(
      pid === undefined
        ? `Left ${id} open in the database. Go on with it: ${again}`
        : `Left ${id}, which goes on in process ${pid}. Follow it again: ${again}`,
    );
    return codeOf(signal);
  }

  #reportParked(why: Parked): number {
    const context = this.#context;
    if (context.json) {
      context.emit({ type: "result", run: this.#request.id, status: "running", parked: why });
    } else {
      const again = commandAgain(context, this.#request);
      context.tell([...parkedLines(why, context.err, context.io.now()), `  ${again}`].join("\n"));
    }
    return exitCodes.failed;
  }
}

/** True if the outcome is one of a closed run; its last event comes then, too. */
function isClosed(outcome: Outcome): boolean {
  return "value" in outcome || statusOfError(outcome.error) !== undefined;
}

/** As shells say it: 128 and the number of the signal. */
function codeOf(signal: EndSignal): number {
  return signal === "SIGINT" ? 130 : 143;
}
