/**
 * Whether a run has started an execution that one of its tasks was about to start. Only the run can tell, by its history: it may be ended before it comes to that, or be
 * refused because the name is taken.
 *
 * Invariant: a run is watched before it is looked for the execution, so that no start falls between the two.
 */
import type { Client } from "../../client/client.ts";
import { RunNotFoundError } from "../../core/errors.ts";
import { isClosed } from "../../core/status.ts";
import type { ExecutionRuns } from "./runs.ts";

/** A run, and the executions that it may start. */
interface Watch {
  /** From then on it is watched. */
  readonly ready: PromiseWithResolvers<void>;
  /** By their ids. Resolved when the run has started it, or is over. */
  readonly expected: Map<string, PromiseWithResolvers<void>>;
}

export class TaskStarts {
  readonly #client: Client;
  readonly #runs: ExecutionRuns;
  /** One for each run, however much it starts: each looks at all that its run does. */
  readonly #watches: Map<string, Watch> = new Map();

  constructor(client: Client, runs: ExecutionRuns) {
    this.#client = client;
    this.#runs = runs;
  }

  /** Waits until the run has started the execution (true) or never will. In a process that is being closed it waits for ever. */
  async happened(starter: string, execution: string): Promise<boolean> {
    const watch = this.#watches.get(starter) ?? this.#begin(starter);
    const told = expect(watch, execution);
    await watch.ready.promise;
    if (await this.#runs.exists(execution)) tell(watch, execution);
    await told;
    return (await this.#runs.starter(execution)) === starter;
  }

  #begin(starter: string): Watch {
    const watch: Watch = { ready: Promise.withResolvers(), expected: new Map() };
    this.#watches.set(starter, watch);
    void this.#follow(starter, watch);
    return watch;
  }

  async #follow(starter: string, watch: Watch): Promise<void> {
    try {
      if (!(await this.#see(starter, watch))) return;
    } catch (error) {
      if (!(error instanceof RunNotFoundError))
        for (const { reject } of watch.expected.values()) reject(error);
    }
    if (this.#watches.get(starter) === watch) this.#watches.delete(starter);
    watch.ready.resolve();
    for (const execution of watch.expected.keys()) tell(watch, execution);
  }

  /** Tells of what the run starts. False: it is not over, but this process is. @throws RunNotFoundError */
  async #see(starter: string, watch: Watch): Promise<boolean> {
    const run = this.#client.get(starter);
    const { historyLength } = await run.summary();
    watch.ready.resolve();
    for await (const event of run.history({ from: historyLength + 1, follow: true })) {
      if (event.type === "child_started") tell(watch, event.id);
      if (watch.expected.size > 0) continue;
      this.#watches.delete(starter);
      return true;
    }
    return isClosed((await run.summary()).status);
  }
}

function expect({ expected }: Watch, execution: string): Promise<void> {
  const told = expected.get(execution) ?? Promise.withResolvers<void>();
  expected.set(execution, told);
  // Whoever expects it may be busy when the watch fails.
  told.promise.catch(() => {});
  return told.promise;
}

function tell({ expected }: Watch, execution: string): void {
  expected.get(execution)?.resolve();
  expected.delete(execution);
}
