/**
 * One engine: the operations that clients call, on the parts that do the work (`create-engine.ts` wires them).
 *
 * Invariant: what an operation acknowledges is durable (D1); a repeat with the same operation id changes nothing (D3).
 */
import { DarumaError, DuplicateRunError, RunNotFoundError } from "../core/errors.ts";
import type { Event, RunStarted } from "../core/events.ts";
import type { Message } from "../core/messages.ts";
import type { Payload } from "../core/payload.ts";
import { checkName } from "../core/names.ts";
import type { RunRow } from "../store/runs.ts";
import { asEngine } from "./async-context.ts";
import { checkMessage, checkSize } from "./check-message.ts";
import { checkWorkflows } from "./check-options.ts";
import { lookForClosed } from "./closings.ts";
import { closingError } from "./failures.ts";
import { executionOptions } from "./attendance.ts";
import { firstWord, later } from "./later.ts";
import { LiveRun } from "./live-run.ts";
import { waitFor } from "./parking.ts";
import { Questions } from "./questions.ts";
import type { EngineState } from "./state.ts";
import { unknownName } from "./unknown-name.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";

/** What a run is started with. */
export interface StartRequest {
  readonly workflow: string;
  readonly id: string;
  readonly input: Payload | undefined;
  readonly operation: string;
  /** Milliseconds from now. */
  readonly timeoutMs?: number | undefined;
}

/** What `result` answers: the closing event of a completed run. */
export type Completed = Extract<Event, { type: "run_completed" }>;

export class Engine {
  readonly state: EngineState;
  readonly #questions: Questions;

  constructor(state: EngineState) {
    this.state = state;
    this.#questions = new Questions(state, (id) => this.row(id));
  }

  /** Adds a workflow: its runs that are open in the store go on. @throws DarumaError DRM-DUPLICATE-WORKFLOW, DRM-INVALID-OPTION */
  add(workflow: AnyWorkflow): void {
    this.#open();
    const { workflows, due } = this.state;
    checkWorkflows([...workflows.values(), workflow]);
    if (workflows.has(workflow.name)) return;
    workflows.set(workflow.name, workflow);
    asEngine(() => void due.look());
  }

  /** Starts a run; resolves when it is durable, with its key. @throws DuplicateRunError, UnknownWorkflowError */
  async start(request: StartRequest): Promise<number> {
    this.#open();
    const { keys, memory, loop, options, workflows } = this.state;
    const workflow = workflows.get(request.workflow);
    if (workflow === undefined) throw unknownName("workflow", request.workflow, [...workflows.keys()]);
    checkName("run id", request.id, options.limits);
    checkSize(request.input, `the input of workflow ${workflow.name}`, options.limits);
    while (!keys.has(1)) await keys.refill(1);
    if (memory.byId(request.id) !== undefined) return this.#repeated(request);
    const key = keys.take();
    const { id, operation } = request;
    const time = options.ports.clock.now();
    const created = { id, generation: 1, workflow: workflow.name, createdAt: time, operation };
    const run = new LiveRun({ ...created, key, epoch: 1, created });
    run.equip(workflow, executionOptions(this.state, false));
    memory.add(run);
    const { defer } = options.ports;
    const started = await new Promise<boolean>((resolve, reject) => {
      const refuse = (error: Error): void => (isDuplicate(error) ? resolve(false) : reject(error));
      const receipt = firstWord(() => resolve(true), later(defer, refuse));
      loop.push(run, { message: { type: "start", event: this.#started(request, time) }, operation, receipt });
    });
    return started ? key : this.#repeated(request);
  }

  #started({ workflow, input, timeoutMs }: StartRequest, time: number): RunStarted {
    const seed = this.state.options.ports.ids.unique();
    const deadline = timeoutMs === undefined ? undefined : time + timeoutMs;
    return { type: "run_started", workflow, input, seed, deadline, time };
  }

  /** The id is taken: by this same operation (then all is well), or by another. */
  async #repeated({ id, operation, workflow }: StartRequest): Promise<number> {
    const { memory, loop, options } = this.state;
    // The first start is on its way to the store: nothing is said in its name before it is there (D1).
    while (memory.byId(id)?.created !== undefined)
      await new Promise<void>((resolve) => loop.afterwards(resolve));
    const row = await options.store.runs.byId(id);
    if (row?.operation === operation) return row.key;
    throw new DuplicateRunError({ runId: id, workflow, status: row?.status });
  }

  /** Sends a message to the latest run with this id; resolves when it is durable. @throws RunNotFoundError, RunClosedError */
  async send(id: string, message: Message, operation: string): Promise<void> {
    this.#open();
    const { memory, loop, attendance, options } = this.state;
    checkMessage(message, options.limits);
    return new Promise((resolve, reject) => {
      const receipt = firstWord(resolve, later(options.ports.defer, reject));
      const run = memory.byId(id);
      if (run !== undefined && !attendance.busy(run.key) && !options.store.isShared()) {
        memory.wake(run);
        loop.push(run, { message, operation, receipt });
      } else {
        loop.post({ message: { to: { id }, body: JSON.stringify(message), operation }, receipt });
      }
    });
  }

  /** Sends an update and waits for its answer. @throws UpdateRejectedError, what the handler threw, RunClosedError */
  async update(
    id: string,
    update: { name: string; payload: Payload | undefined },
    operation: string,
  ): Promise<Payload | undefined> {
    this.#open();
    checkMessage({ type: "update", ...update }, this.state.options.limits);
    return this.#questions.update(id, { ...update, operation });
  }

  /** Answers a query from a state that is durable. Works on live, idle, paused and closed runs. */
  async query(id: string, name: string, args: readonly unknown[]): Promise<unknown> {
    this.#open();
    return this.#questions.query(id, name, args);
  }

  /** The row of the latest run with this id. @throws RunNotFoundError */
  async row(id: string): Promise<RunRow> {
    const row = await this.state.options.store.runs.byId(id);
    if (row === undefined) throw new RunNotFoundError({ runId: id });
    return row;
  }

  /** The closing event of a run once it has completed, following it through `continueAsNew`. @throws RunFailedError and the like */
  async result(id: string, key?: number): Promise<Completed> {
    const held = this.state.memory.byId(id);
    // One that is being created may yet turn out to be a duplicate.
    const known = held?.created === undefined ? held?.key : undefined;
    const event = await this.#closing(key ?? known ?? (await this.row(id)).key);
    if (event.type === "run_continued_as_new") return this.result(id);
    if (event.type === "run_completed") return event;
    throw closingError(event, id);
  }

  /** The event that closes a run, now or when it comes. */
  #closing(key: number): Promise<Event> {
    const run = this.state.memory.get(key);
    const { promise, resolve, reject } = Promise.withResolvers<Event>();
    const closing = { closed: resolve, parked: later(this.state.options.ports.defer, reject) };
    if (run !== undefined) {
      run.waiting.push(closing);
      return promise;
    }
    waitFor(this.state, key, [closing]);
    void lookForClosed(this.state, key);
    return promise;
  }

  /** True when nothing is under way: no turn, no commit, no attempt, no look-up, no determinism check. */
  get idle(): boolean {
    return this.settled && this.state.activities.running === 0;
  }

  /** True when nothing is under way but attempts of activities. */
  get settled(): boolean {
    const { loop, attendance, due, counters } = this.state;
    return loop.idle && attendance.idle && due.idle && counters.checking === 0;
  }

  #open(): void {
    if (this.state.closed) throw new DarumaError("DRM-CLOSED", { message: "This Daruma is closed." });
  }
}

function isDuplicate(error: Error): boolean {
  return error instanceof DuplicateRunError;
}
