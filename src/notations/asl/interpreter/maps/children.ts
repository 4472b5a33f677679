/** The child executions of a map run: starts them, counts them, ends them when too many have failed. */
import type { ExecutionInput } from "../../execution.ts";
import type { Json } from "../../json.ts";
import { textOf } from "../../json.ts";
import type { MapState } from "../../model.ts";
import { StatesError } from "../../states-error.ts";
import type { MapRun } from "../map-runs.ts";
import { within } from "../position.ts";
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
}

/** A child that has ended. */
export interface Ended {
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

/** As many as AWS lets run at once; more would only wait in memory. */
const mostAtOnce = 1000;

export class Children {
  readonly #run: StateRun<MapState>;
  readonly #options: ChildrenOptions;
  readonly #outputs: Json[] = [];
  #read = 0;
  #next = 0;
  #open = 0;
  #ended = false;
  #wake = (): void => {};

  constructor(run: StateRun<MapState>, options: ChildrenOptions) {
    this.#run = run;
    this.#options = options;
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
      return this.#outputs;
    };
    mapRun.changed = () => this.#wake();
    const [result, cancel] = world.cancelable(work);
    return await result.catch((error: unknown) => {
      cancel();
      mapRun.executions.aborted += this.#open;
      mapRun.executions.running = 0;
      throw error;
    });
  }

  /** All jobs, read as they are needed. */
  async *#all(): AsyncGenerator<Job> {
    const { reader, batching, input } = this.#options;
    const batcher = batching === undefined ? undefined : new Batcher(batching);
    for (let page = await reader(); page !== undefined; page = await reader()) {
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
    while (
      this.#open >= (mapRun.maxConcurrency === 0 ? mostAtOnce : Math.min(mapRun.maxConcurrency, mostAtOnce))
    )
      await this.#change();
  }

  /** Until a child has ended or the map run was changed. */
  #change(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  async #start(job: Job, ended: ((child: Ended) => void) | undefined): Promise<void> {
    const { mapRun } = this.#options;
    const { frame, execution } = this.#run;
    const position = within(frame.position, job.index);
    if (position.done === true) return void (this.#outputs[job.index] = position.output ?? null);
    this.#open++;
    mapRun.items.running += job.count;
    mapRun.executions.running++;
    const startDate = execution.world.now();
    const input = textOf(job.input);
    const { arn, name, ending } = this.#child(input);
    const end = await ending;
    this.#open--;
    this.#count(job, end);
    ended?.({ arn, name, input, startDate, stopDate: execution.world.now(), ending: end });
    if (end.status === "SUCCEEDED") {
      const output = JSON.parse(end.output) as Json;
      if (ended === undefined) this.#outputs[job.index] = output;
      position.done = true;
      position.output = output;
    }
    this.#check(false);
    this.#wake();
  }

  #child(input: string): { readonly arn: string; readonly name: string; readonly ending: Promise<Ending> } {
    const { execution } = this.#run;
    const { mapRun, definition } = this.#options;
    const name = execution.world.uuid();
    const arn = `${mapRun.stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    const { machine, execution: own, ...rest } = execution.input;
    const child: ExecutionInput = {
      ...rest,
      definition,
      input,
      execution: { arn, name, roleArn: own.roleArn },
      machine: { ...machine, arn: mapRun.stateMachineArn },
      mapRunArn: mapRun.arn,
      resume: undefined,
    };
    const started = execution.world.start({ workflow: "asl", input: child, id: arn, detached: false });
    return { arn, name, ending: started.ending() };
  }

  #count({ count }: Job, { status }: Ending): void {
    const { items, executions } = this.#options.mapRun;
    const key = counters[status];
    items.running -= count;
    items[key] += count;
    executions.running--;
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
