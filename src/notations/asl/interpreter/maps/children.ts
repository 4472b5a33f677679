/** The child executions of a map run: starts them, counts them, ends them when too many have failed. */
import type { ExecutionInput } from "../../execution.ts";
import type { Json } from "../../json.ts";
import { textOf } from "../../json.ts";
import type { MapState } from "../../model.ts";
import { StatesError } from "../../states-error.ts";
import type { MapRun } from "../map-runs.ts";
import { within } from "../position.ts";
import type { ChildPosition, Position } from "../position.ts";
import type { StateRun } from "../state-run.ts";
import type { Ending } from "../world.ts";
import { Batcher } from "./batches.ts";
import type { Batching } from "./batches.ts";
import { itemOf } from "./inputs.ts";
import type { Reader } from "./reader.ts";

export interface ChildrenOptions {
  readonly mapRun: MapRun;
  readonly reader: Reader;
  readonly batching: Batching | undefined;
  readonly input: Json;
  /** JSON text of the processor. */
  readonly definition: string;
  /** How many items there are, if that is known before. */
  readonly total: number | undefined;
  /** Of each child. */
  readonly timeoutMs: number | undefined;
}

/** A child that has ended. */
export interface Ended {
  /** Its place among the children. */
  readonly index: number;
  readonly arn: string;
  readonly name: string;
  readonly input: string;
  readonly startDate: number;
  readonly stopDate: number;
  readonly ending: Ending;
}

interface Job {
  readonly index: number;
  readonly input: Json;
  readonly count: number;
}

/** How many run at once if the definition does not say: enough to fill each commit, few enough to take little memory. */
const usualConcurrency = 250;

export class Children {
  readonly #run: StateRun<MapState>;
  readonly #options: ChildrenOptions;
  readonly #family: string;
  readonly #outputs: Json[] = [];
  #read = 0;
  #next = 0;
  #open = 0;
  #ended = false;
  #wake = (): void => {};

  constructor(run: StateRun<MapState>, options: ChildrenOptions) {
    this.#run = run;
    this.#options = options;
    this.#family = run.execution.world.uuid();
  }

  /** The outputs in order. @throws StatesError States.ExceedToleratedFailureThreshold, States.ItemReaderFailed */
  async run(ended: ((child: Ended) => void) | undefined): Promise<Json> {
    const { world } = this.#run.execution;
    const { mapRun } = this.#options;
    const { promise: failed, reject } = Promise.withResolvers<never>();
    failed.catch(() => {});
    const work = async (): Promise<Json> => {
      for await (const job of this.#all()) {
        await Promise.race([this.#room(), failed]);
        this.#start(job, ended).catch(reject);
      }
      while (this.#open > 0) await Promise.race([this.#change(), failed]);
      this.#check(true);
      // Children whose failure is tolerated have no output: they leave no hole.
      return this.#outputs.filter(() => true);
    };
    mapRun.changed = () => this.#wake();
    const [result, cancel] = world.cancelable(work);
    return await result.catch((error: unknown) => {
      cancel();
      mapRun.abort();
      throw error;
    });
  }

  /** All jobs, read as they are needed. */
  async *#all(): AsyncGenerator<Job> {
    const { reader, batching, input } = this.#options;
    const batcher = batching === undefined ? undefined : new Batcher(batching);
    for (let page = await reader(); page !== undefined; page = await reader()) {
      this.#pending(page.length);
      for (const value of page) {
        const item = await itemOf(this.#run, { index: this.#read++, value, input });
        const job = batcher === undefined ? { input: item, count: 1 } : batcher.add(item);
        if (job !== undefined) yield { ...job, index: this.#next++ };
      }
    }
    this.#ended = true;
    const rest = batcher?.flush();
    if (rest !== undefined) yield { ...rest, index: this.#next++ };
  }

  async #room(): Promise<void> {
    const { mapRun } = this.#options;
    while (this.#open >= (mapRun.maxConcurrency === 0 ? usualConcurrency : mapRun.maxConcurrency))
      await this.#change();
  }

  /** Until a child has ended or the map run was changed. */
  #change(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** So many items more, or less, wait for their turn. */
  #pending(change: number): void {
    const { mapRun, batching } = this.#options;
    const { items, executions } = mapRun;
    items.pending += change;
    const each = batching === undefined ? 1 : Math.min(batching.items, items.pending || 1);
    executions.pending = Math.ceil(items.pending / each);
  }

  async #start(job: Job, ended: ((child: Ended) => void) | undefined): Promise<void> {
    const { mapRun } = this.#options;
    const { frame, execution } = this.#run;
    const { index, count } = job;
    const position = within(frame.position, index);
    const input = textOf(job.input);
    this.#pending(-count);
    if (position.done === true) return this.#keep(job, position, ended);
    this.#open++;
    mapRun.items.running += count;
    mapRun.executions.running++;
    const { place, ending } = this.#child(index, input, position);
    const end = await ending;
    this.#open--;
    mapRun.items.running -= count;
    mapRun.executions.running--;
    this.#count(job, end);
    const stopDate = execution.world.now();
    ended?.({ ...place, index, input, stopDate, ending: end });
    if (end.status === "SUCCEEDED") {
      const output = JSON.parse(end.output) as Json;
      if (ended === undefined) this.#outputs[index] = output;
      position.done = true;
      position.output = output;
      // Who it was matters to a ResultWriter only, and there may be very many.
      if (ended === undefined) delete position.child;
      else position.child = { ...place, stopDate };
    }
    this.#check(false);
    this.#wake();
  }

  /** A child that had succeeded before the execution was redriven. */
  #keep(job: Job, { output = null, child }: Position, ended: ((child: Ended) => void) | undefined): void {
    const ending = { status: "SUCCEEDED", output: textOf(output) } as const;
    this.#count(job, ending);
    const { index } = job;
    if (ended === undefined || child === undefined) this.#outputs[index] = output;
    else
      ended({
        ...child,
        index,
        input: textOf(job.input),
        stopDate: child.stopDate ?? child.startDate,
        ending,
      });
  }

  /** Starts a child, or a redrive of the one that ended unsuccessfully before. */
  #child(
    index: number,
    input: string,
    position: Position,
  ): { readonly place: ChildPosition; readonly ending: Promise<Ending> } {
    const { execution } = this.#run;
    const { timeoutMs } = this.#options;
    const { resume, ...before } = position.child ?? {};
    const place = resume === undefined ? this.#newPlace(index) : (before as ChildPosition);
    position.child = place;
    const started = execution.world.start({
      workflow: execution.kin.workflow,
      input: execution.kin.input(this.#childInput(input, place, resume)),
      id: resume === undefined ? place.arn : `${place.arn}#${resume.number}`,
      detached: false,
      timeoutMs,
    });
    return { place, ending: started.ending() };
  }

  /**
   * Names are UUIDs that grow with the index, so that the children of a map run lie side by side in the store's indexes: random ones cost a page each.
   */
  #newPlace(index: number): ChildPosition {
    const { world } = this.#run.execution;
    const name = `${index.toString(16).padStart(8, "0")}${this.#family.slice(8)}`;
    const { stateMachineArn } = this.#options.mapRun;
    const arn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    return { arn, name, startDate: world.now() };
  }

  #childInput(input: string, { arn, name }: ChildPosition, resume: ChildPosition["resume"]): ExecutionInput {
    const { mapRun, definition } = this.#options;
    const { machine, execution: own, ...rest } = this.#run.execution.input;
    return {
      ...rest,
      definition,
      input,
      execution: { arn, name, roleArn: own.roleArn, redriveCount: resume?.number },
      machine: { ...machine, arn: mapRun.stateMachineArn },
      mapRunArn: mapRun.arn,
      resume,
    };
  }

  #count({ count }: Job, { status }: Ending): void {
    const { items, executions } = this.#options.mapRun;
    const key = counters[status];
    items[key] += count;
    executions[key]++;
    if (status === "SUCCEEDED") {
      items.resultsWritten += count;
      executions.resultsWritten++;
    }
  }

  /** @throws StatesError when more has failed than is tolerated */
  #check(atEnd: boolean): void {
    const { items, toleratedFailureCount, toleratedFailurePercentage } = this.#options.mapRun;
    const failed = items.failed + items.timedOut + items.aborted;
    if (failed === 0) return;
    const total = this.#options.total ?? (this.#ended || atEnd ? this.#read : undefined);
    const tooMany = toleratedFailureCount > 0 && failed > toleratedFailureCount;
    const share = total === undefined ? 0 : (100 * failed) / total;
    const tooLarge = toleratedFailurePercentage > 0 && share > toleratedFailurePercentage;
    const none = toleratedFailureCount === 0 && toleratedFailurePercentage === 0;
    if (!tooMany && !tooLarge && !none) return;
    throw new StatesError("States.ExceedToleratedFailureThreshold", {
      cause: "The specified tolerated failure threshold was exceeded",
    });
  }
}

const counters = {
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  TIMED_OUT: "timedOut",
  ABORTED: "aborted",
} as const;
