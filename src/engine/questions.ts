/**
 * Questions to runs: queries and updates. Both need the run's code, standing where its history ends.
 *
 * Invariants:
 * - While somebody asks, the run stays in memory, however few idle ones may.
 * - An answer comes from a durable state (D1): a query waits for the commit of what it sees, an update for that of its completion.
 * - A repeat of an update is not done again, and gets the answer of the first (D3).
 */
import { DarumaError, RunClosedError } from "../core/errors.ts";
import type { UpdateCompleted } from "../core/events.ts";
import type { Payload } from "../core/payload.ts";
import { isClosed } from "../core/status.ts";
import type { RunRow } from "../store/runs.ts";
import { alone, isStuck } from "./alone.ts";
import { replayHistory } from "./determinism.ts";
import type { Answering } from "./delivery.ts";
import type { Execution } from "./execution.ts";
import { later } from "./later.ts";
import type { LiveRun } from "./live-run.ts";
import { readEvents } from "./replay.ts";
import { rewind } from "./rewind.ts";
import type { EngineState } from "./state.ts";
import { unknownName } from "./unknown-name.ts";
import { settle } from "./update-answers.ts";

/** An update as it is asked for. */
export interface UpdateRequest {
  readonly name: string;
  readonly payload: Payload | undefined;
  readonly operation: string;
}

/** Every run answers this query, if its workflow does not do so itself: `running`, `paused`, or how it closed. */
const statusQuery = "get_status";

/** An answer: wrapped, so that one that is a promise is not waited for where nothing may be waited for. */
interface Asked {
  readonly answer: unknown;
}

/** How many closed runs stand ready. */
const mostKept = 4;

export class Questions {
  readonly #state: EngineState;
  /** Closed runs do not change: those that were asked last stand ready, so that reading page after page of one costs one replay. */
  readonly #closed: Map<number, Execution> = new Map();
  readonly #row: (id: string) => Promise<RunRow>;

  /** `row` gives the row of the latest run with an id. */
  constructor(state: EngineState, row: (id: string) => Promise<RunRow>) {
    this.#state = state;
    this.#row = row;
  }

  /** Answers a query. Works on live, idle, paused and closed runs. */
  async query(id: string, name: string, args: readonly unknown[]): Promise<unknown> {
    const row = await this.#row(id);
    if (isClosed(row.status)) return this.#askClosed(row, name, args);
    const run = await this.#hold(id);
    if (run === undefined && name === statusQuery) return statusOf(await this.#row(id));
    if (run === undefined) throw await this.#unavailable(id, "query");
    try {
      const asked = await this.#whenDurable(() => this.#ask(run, name, args));
      // It has closed, or gone to another holder, meanwhile.
      return asked === undefined ? await this.query(id, name, args) : asked.answer;
    } finally {
      this.#release(run);
    }
  }

  /** Does `work` when no run has anything uncommitted, and before any can have again. */
  #whenDurable<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#state.loop.afterwards(() => work().then(resolve, reject));
    });
  }

  /** Asks a run that stands where its history ends; undefined: it has left memory. */
  async #ask(run: LiveRun, name: string, args: readonly unknown[]): Promise<Asked | undefined> {
    const { execution } = run;
    if (run.dropped || execution === undefined) return undefined;
    const own = execution.context.queries.has(name);
    if (name === statusQuery && !own) return { answer: statusOf(run.progress) };
    try {
      return await alone(this.#state, run, () => ({ answer: execution.query(name, args) }));
    } catch (error) {
      // The handler may have left anything behind.
      if (isStuck(error)) rewind(this.#state, run);
      throw error;
    }
  }

  /** Answers from a replay. */
  async #askClosed(row: RunRow, name: string, args: readonly unknown[]): Promise<unknown> {
    const { options, workflows } = this.#state;
    const workflow = workflows.get(row.workflow);
    if (workflow === undefined && name === statusQuery) return row.status;
    if (workflow === undefined) throw unknownName("workflow", row.workflow, [...workflows.keys()]);
    const kept = this.#closed.get(row.key);
    const events = kept === undefined ? await readEvents(options.store.history, row.key) : [];
    const { id, generation } = row;
    this.#closed.delete(row.key);
    const asked = await alone(this.#state, row, async (calm): Promise<Asked> => {
      const about = { ...options, workflow, id, generation, ports: { settle: calm } };
      const execution = kept ?? (await replayHistory(events, about, false));
      const own = execution.context.queries.has(name);
      const answer = name === statusQuery && !own ? row.status : execution.query(name, args);
      this.#keep(row.key, execution);
      return { answer };
    });
    return asked.answer;
  }

  /** One whose query failed is not kept: the handler may have left anything behind. */
  #keep(key: number, execution: Execution): void {
    this.#closed.set(key, execution);
    const [oldest] = this.#closed.keys();
    if (this.#closed.size > mostKept && oldest !== undefined) this.#closed.delete(oldest);
  }

  /** Sends an update and waits for its answer. @throws UpdateRejectedError, what the handler threw, RunClosedError */
  async update(id: string, request: UpdateRequest): Promise<Payload | undefined> {
    const run = await this.#hold(id);
    try {
      const known = await this.#answered(run?.key ?? (await this.#row(id)).key, run, request.operation);
      if (run === undefined && known === undefined) throw await this.#unavailable(id, "update");
      if (known === undefined && run?.dropped === true) return await this.update(id, request);
      return await new Promise((resolve, reject) => {
        const again = (): void => void this.update(id, request).then(resolve, reject);
        const { defer } = this.#state.options.ports;
        const answer: Answering = { resolve, reject: later(defer, reject), again: later(defer, again) };
        if (known !== undefined) settle(answer, known);
        else if (run !== undefined) this.#send(run, request, answer);
      });
    } finally {
      this.#release(run);
    }
  }

  #send(run: LiveRun, { name, payload, operation }: UpdateRequest, answer: Answering): void {
    this.#state.memory.wake(run);
    this.#state.loop.push(run, { message: { type: "update", name, payload }, operation, answer });
  }

  /** The answer of an update that the history holds already. `run`: the run, if it is in memory. */
  async #answered(
    key: number,
    run: LiveRun | undefined,
    operation: string,
  ): Promise<UpdateCompleted | undefined> {
    const { operations, updates } = run?.progress ?? {};
    if (operations?.has(operation) === false || updates?.has(operation) === true) return undefined;
    return completionOf(this.#state, key, operation);
  }

  /** The run with its code, kept in memory until `#release`; undefined if it is closed, parked, or its code is not here. */
  async #hold(id: string): Promise<LiveRun | undefined> {
    const { memory, attendance, options } = this.#state;
    for (;;) {
      const held = options.store.isShared() ? undefined : memory.byId(id);
      if (held?.execution !== undefined && !attendance.busy(held.key)) {
        held.visitors++;
        memory.wake(held);
        return held;
      }
      const run = await attendance.attend((await this.#row(id)).key, true);
      if (run?.execution !== undefined && run.parked === undefined && !run.dropped) {
        memory.wake(run);
        return run;
      }
      this.#release(run);
      // It may have gone since it was found: to another holder, or because it has closed.
      if (run === undefined || !run.dropped || run.parked !== undefined) return undefined;
    }
  }

  #release(run: LiveRun | undefined): void {
    if (run === undefined) return;
    run.visitors--;
    if (run.idle && !run.dropped) this.#state.memory.rest(run);
  }

  async #unavailable(id: string, kind: "query" | "update"): Promise<DarumaError> {
    // That it was parked just now may not have been written yet.
    await new Promise<void>((resolve) => this.#state.loop.afterwards(resolve));
    const row = await this.#row(id);
    if (kind === "update" && isClosed(row.status))
      return new RunClosedError({ runId: id, status: row.status });
    const { workflows } = this.#state;
    if (!workflows.has(row.workflow)) return unknownName("workflow", row.workflow, [...workflows.keys()]);
    const why =
      row.parked === undefined ? `is ${row.status}` : "is parked: its code does not fit its history";
    return new DarumaError("DRM-QUERY-FAILED", {
      message: `The run ${id} ${why}, so that it cannot answer.`,
      subject: id,
    });
  }
}

/** What an update came to, if the stored history says so. */
export async function completionOf(
  { options }: EngineState,
  key: number,
  operation: string,
): Promise<UpdateCompleted | undefined> {
  const events = await readEvents(options.store.history, key);
  const event = events.find((one) => one.type === "update_completed" && one.operation === operation);
  return event?.type === "update_completed" ? event : undefined;
}

function statusOf({ status, paused }: Pick<RunRow, "status" | "paused">): string {
  return paused ? "paused" : status;
}
