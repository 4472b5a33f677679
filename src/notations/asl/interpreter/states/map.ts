import type { Json, JsonObject } from "../../json.ts";
import type { Machine, MapState, ProcessorConfig } from "../../model.ts";
import type { Frame } from "../frame.ts";
import { runDistributed } from "../maps/distributed.ts";
import { concurrencyOf, itemOf, itemsOf, mapInput } from "../maps/inputs.ts";
import { checkTolerance } from "../maps/tolerance.ts";
import { within } from "../position.ts";
import type { Outcome, RunLevel, StateRun } from "../state-run.ts";
import { finish } from "./finish.ts";
import { Group } from "./group.ts";

/** Runs its processor for each item: here, or in child executions of their own. */
export async function runMap(run: StateRun<MapState>, level: RunLevel): Promise<Outcome> {
  const { perform } = run.execution;
  if (perform !== undefined) return await finish(run, await perform({ run, input: mapInput(run) }));
  const processor = processorOf(run.state);
  if (processor.ProcessorConfig?.Mode === "DISTRIBUTED")
    return await finish(run, await runDistributed(run, processor));
  return await finish(run, await runInline(run, processor, level));
}

function processorOf({
  ItemProcessor,
  Iterator,
}: MapState): Machine & { readonly ProcessorConfig?: ProcessorConfig } {
  // The check has seen that there is one of the two.
  return (ItemProcessor ?? Iterator) as Machine & { readonly ProcessorConfig?: ProcessorConfig };
}

async function runInline(run: StateRun<MapState>, processor: Machine, level: RunLevel): Promise<Json> {
  const { frame, name } = run;
  const input = mapInput(run);
  const items = await itemsOf(run, input);
  const concurrency = await concurrencyOf(run, input);
  frame.log("MapStateStarted", { length: items.length });
  await checkTolerance(run, input);
  const iterations = new Iterations(run, { processor, items, input, level });
  const group = new Group(run);
  const outputs = await group.run(
    items.map((_item, index) => () => iterations.run(index)),
    {
      concurrency: concurrency === 0 ? defaultConcurrency : concurrency,
      begins: (index) => iterations.begin(index),
      failed: (index) => iterations.end(index, "MapIterationFailed"),
      aborted: (index) => {
        group.abortedState(iterations.frameOf(index));
        frame.execution.log.add("MapIterationAborted", frame.last, { index, name });
      },
    },
  );
  frame.execution.log.add("MapStateSucceeded", frame.last);
  return outputs;
}

/** AWS runs about this many iterations of an inline Map at once. */
const defaultConcurrency = 40;

interface IterationsOptions {
  readonly processor: Machine;
  readonly items: readonly Json[];
  readonly input: Json;
  readonly level: RunLevel;
}

class Iterations {
  readonly #run: StateRun<MapState>;
  readonly #options: IterationsOptions;
  readonly #frames: Map<number, Frame> = new Map();

  constructor(run: StateRun<MapState>, options: IterationsOptions) {
    this.#run = run;
    this.#options = options;
  }

  frameOf(index: number): Frame | undefined {
    return this.#frames.get(index);
  }

  begin(index: number): void {
    const { frame, name } = this.#run;
    const { processor, items } = this.#options;
    const last = frame.execution.log.add("MapIterationStarted", frame.last, { index, name });
    const item: JsonObject = { Item: { Index: index, Value: items[index] ?? null } };
    this.#frames.set(index, frame.inner(processor, { last, item, position: within(frame.position, index) }));
  }

  async run(index: number): Promise<Json> {
    const { items, input, level } = this.#options;
    const inner = this.#frames.get(index) as Frame;
    const made = itemOf(this.#run, { index, value: items[index] ?? null, input });
    const output = await level(inner, made instanceof Promise ? await made : made);
    this.end(index, "MapIterationSucceeded");
    return output;
  }

  end(index: number, type: "MapIterationSucceeded" | "MapIterationFailed"): void {
    const { frame, name } = this.#run;
    const last = this.#frames.get(index)?.last ?? frame.last;
    this.#frames.delete(index);
    const id = frame.execution.log.add(type, last, { index, name });
    // The next iteration names what came before this end; only the last one's end is what the state goes on from.
    this.#done++;
    frame.last = type === "MapIterationSucceeded" && this.#done === this.#options.items.length ? id : last;
  }

  #done = 0;
}
