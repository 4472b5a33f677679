/** The child executions of a map run: starts them, counts them, ends them when too many have failed. */
import type { ChildPlace, ChildRecord } from "../../execution.ts";
import type { Json } from "../../json.ts";
import { textOf } from "../../json.ts";
import type { MapState } from "../../model.ts";
import { StatesError } from "../../states-error.ts";
import type { ChildBefore } from "../../task-host.ts";
import type { StateRun } from "../state-run.ts";
import type { Ending } from "../world.ts";
import { Batcher } from "./batches.ts";
import type { Batching } from "./batches.ts";
import type { ChildrenFromBefore } from "./before.ts";
import { ChildStarter } from "./child-starter.ts";
import type { ChildStarterOptions } from "./child-starter.ts";
import { itemOf } from "./inputs.ts";
import type { Reader } from "./reader.ts";

export interface ChildrenOptions extends ChildStarterOptions {
  readonly reader: Reader;
  readonly batching: Batching | undefined;
  readonly input: Json;
  /** How many items there are, if that is known before. */
  readonly total: number | undefined;
  /** Set if the map run is redriven. */
  readonly before: ChildrenFromBefore | undefined;
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

/** Told of each child's end. */
type Listener = ((child: Ended) => void) | undefined;

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
  readonly #starter: ChildStarter;
  /** Items that had begun before the map run was redriven, and have not come up yet: they are counted already. */
  #known: number;
  #read = 0;
  #next = 0;
  #open = 0;
  #ended = false;
  #wake = (): void => {};
  /** Why no more children are waited for. */
  #failed: { readonly error: unknown } | undefined;
  #stop: (error: unknown) => void = () => {};

  constructor(run: StateRun<MapState>, options: ChildrenOptions) {
    this.#run = run;
    this.#options = options;
    this.#starter = new ChildStarter(run.execution, options);
    this.#known = options.mapRun.items.begun;
  }

  /** The outputs in order. @throws StatesError States.ExceedToleratedFailureThreshold, States.ItemReaderFailed */
  async run(ended: Listener): Promise<Json> {
    const { world } = this.#run.execution;
    const { mapRun, before } = this.#options;
    const work = async (): Promise<Json> => {
      for await (const job of this.#all()) {
        const known = before === undefined ? undefined : await this.#unlessFailed(before.at(job.index));
        while (this.#full) await this.#change();
        this.#start(job, known, ended).catch((error: unknown) => this.#fail(error));
      }
      while (this.#open > 0) await this.#change();
      this.#check(true);
      // Children whose failure is tolerated have no output: they leave no hole.
      return mapRun.children.flatMap(({ output }) => (output === undefined ? [] : [output]));
    };
    mapRun.changed = () => this.#wake();
    const [result, cancel] = world.cancelable(work);
    return await result.catch((error: unknown) => {
      cancel();
      throw error;
    });
  }

  /** All jobs, read as they are needed. */
  async *#all(): AsyncGenerator<Job> {
    const { reader, batching, input } = this.#options;
    const batcher = batching === undefined ? undefined : new Batcher(batching);
    for (let page = await reader(); page !== undefined; page = await reader()) {
      const known = Math.min(this.#known, page.length);
      this.#known -= known;
      this.#pending(page.length - known);
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

  get #full(): boolean {
    const { maxConcurrency } = this.#options.mapRun;
    return this.#open >= (maxConcurrency === 0 ? usualConcurrency : maxConcurrency);
  }

  /** Until a child has ended or the map run was changed. @throws what has failed the map run */
  #change(): Promise<void> {
    return this.#unlessFailed(new Promise((resolve) => (this.#wake = resolve)));
  }

  /** A race, but with nothing that lives as long as the map run: that would keep something of each child. */
  #unlessFailed<T>(wanted: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#stop = reject;
      wanted.then(resolve, reject);
      if (this.#failed !== undefined) reject(this.#failed.error);
    });
  }

  #fail(error: unknown): void {
    this.#failed ??= { error };
    this.#stop(error);
  }

  /** So many items more, or less, wait for their turn. */
  #pending(change: number): void {
    const { mapRun, batching } = this.#options;
    const { items, executions } = mapRun;
    items.pending += change;
    const each = batching === undefined ? 1 : Math.min(batching.items, items.pending || 1);
    executions.pending = Math.ceil(items.pending / each);
  }

  async #start(job: Job, known: ChildBefore | undefined, ended: Listener): Promise<void> {
    if (known !== undefined) this.#leaveWaiting(job, known);
    else this.#pending(-job.count);
    if (known?.output !== undefined) return this.#keep(job, { ...known, output: known.output }, ended);
    if (known?.end !== undefined) return this.#giveUp(job, { ...known, end: known.end }, ended);
    const { mapRun } = this.#options;
    const { items, executions } = mapRun;
    const { index, count } = job;
    const input = textOf(job.input);
    const place = known?.place ?? this.#starter.place(index);
    mapRun.children[index] = { place };
    this.#open++;
    items.running += count;
    executions.running++;
    const ending = await this.#starter.start(input, place, known?.resume);
    this.#open--;
    items.running -= count;
    executions.running--;
    this.#count(job, ending);
    const stopDate = this.#run.execution.world.now();
    ended?.({ ...place, index, input, stopDate, ending });
    mapRun.children[index] = recordOf({ place, ending, stopDate, asked: ended !== undefined });
    this.#check(false);
    this.#wake();
  }

  /** It is counted where it ends up from now on. */
  #leaveWaiting({ count }: Job, { was, output }: ChildBefore): void {
    const { items, executions } = this.#options.mapRun;
    // What is kept was counted as a success at once, unless its success was not heard of before.
    if (was === undefined && output !== undefined) return;
    items.redriven(was ?? "aborted", count);
    executions.redriven(was ?? "aborted", 1);
    if (output === undefined) return;
    items.ended("succeeded", count);
    executions.ended("succeeded", 1);
  }

  /** A child that had succeeded before the execution was redriven. */
  #keep(job: Job, known: ChildBefore & { readonly output: Json }, ended: Listener): void {
    const { index } = job;
    const { place, output, stopDate = place?.startDate ?? 0 } = known;
    this.#options.mapRun.children[index] = { place, output, stopDate };
    if (place === undefined) return;
    const ending = { status: "SUCCEEDED", output: textOf(output) } as const;
    ended?.({ ...place, index, input: textOf(job.input), stopDate, ending });
  }

  /** A child that failed before and cannot be redriven: its failure is for good, and counts. */
  #giveUp(
    job: Job,
    { place, end, stopDate = 0 }: ChildBefore & { readonly end: NonNullable<ChildBefore["end"]> },
    ended: Listener,
  ): void {
    const { children, items, executions } = this.#options.mapRun;
    const { index, count } = job;
    this.#count(job, end);
    items.failuresNotRedrivable += count;
    executions.failuresNotRedrivable++;
    children[index] = { place, was: counters[end.status] };
    if (place !== undefined) ended?.({ ...place, index, input: textOf(job.input), stopDate, ending: end });
    this.#check(false);
  }

  #count({ count }: Job, { status }: Ending): void {
    const { items, executions } = this.#options.mapRun;
    items.ended(counters[status], count);
    executions.ended(counters[status], 1);
  }

  /** @throws StatesError when more has failed than is tolerated */
  #check(atEnd: boolean): void {
    const { items, toleratedFailureCount, toleratedFailurePercentage } = this.#options.mapRun;
    const failed = items.unsuccessful;
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

interface End {
  readonly place: ChildPlace;
  readonly ending: Ending;
  readonly stopDate: number;
  /** True: somebody wants to know who it was. There may be very many. */
  readonly asked: boolean;
}

function recordOf({ place, ending, stopDate, asked }: End): ChildRecord {
  if (ending.status !== "SUCCEEDED") return { place, was: counters[ending.status] };
  const output = JSON.parse(ending.output) as Json;
  return asked ? { place, output, stopDate } : { output };
}

const counters = {
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  TIMED_OUT: "timedOut",
  ABORTED: "aborted",
} as const;
