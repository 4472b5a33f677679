/** ItemBatcher: groups of items, one child execution each. */
import type { Json } from "../../json.ts";
import { textOf } from "../../json.ts";
import type { ItemBatcher, MapState } from "../../model.ts";
import type { StateRun } from "../state-run.ts";
import { numberField, wholeNumber } from "./inputs.ts";

export interface Batching {
  readonly items: number;
  /** Of the JSON text of a batch, with what goes along with its items. */
  readonly bytes: number;
  readonly input: Json | undefined;
}

export async function batchingOf(
  run: StateRun<MapState>,
  batcher: ItemBatcher,
  input: Json,
): Promise<Batching> {
  const {
    MaxItemsPerBatch,
    MaxInputBytesPerBatch,
    MaxItemsPerBatchPath,
    MaxInputBytesPerBatchPath,
    BatchInput,
  } = batcher;
  const number = async (
    field: string,
    literal: number | string | undefined,
    path: string | undefined,
  ): Promise<number> => {
    if (path !== undefined)
      return wholeNumber(run.at(path, `${field}Path`, input), { field: `${field}Path`, path });
    return literal === undefined ? Infinity : await numberField(run, `ItemBatcher/${field}`, literal);
  };
  return {
    items: await number("MaxItemsPerBatch", MaxItemsPerBatch, MaxItemsPerBatchPath),
    bytes: Math.min(
      await number("MaxInputBytesPerBatch", MaxInputBytesPerBatch, MaxInputBytesPerBatchPath),
      run.execution.dataLimit,
    ),
    input: BatchInput === undefined ? undefined : await batchInput(run, BatchInput, input),
  };
}

async function batchInput(run: StateRun<MapState>, template: Json, input: Json): Promise<Json> {
  return run.isJsonata
    ? await run.evaluate(template, "ItemBatcher/BatchInput")
    : run.fill(template, "BatchInput", input);
}

/** Collects items until a batch is full. */
export class Batcher {
  readonly #batching: Batching;
  /** What a batch weighs without items. */
  readonly #empty: number;
  #items: Json[] = [];
  #bytes: number;

  constructor(batching: Batching) {
    this.#batching = batching;
    this.#empty = bytesOf(inputOf(batching, []));
    this.#bytes = this.#empty;
  }

  /** The batch that is full before this item, if one is. */
  add(item: Json): { readonly input: Json; readonly count: number } | undefined {
    const bytes = bytesOf(item) + (this.#items.length === 0 ? 0 : 1);
    const { items, bytes: most } = this.#batching;
    const full = this.#items.length > 0 && (this.#items.length >= items || this.#bytes + bytes > most);
    const batch = full ? this.flush() : undefined;
    this.#items.push(item);
    this.#bytes += bytes;
    return batch;
  }

  /** What is left. */
  flush(): { readonly input: Json; readonly count: number } | undefined {
    const items = this.#items;
    if (items.length === 0) return undefined;
    this.#items = [];
    this.#bytes = this.#empty;
    return { input: inputOf(this.#batching, items), count: items.length };
  }
}

function inputOf({ input }: Batching, items: Json[]): Json {
  return { ...(input === undefined ? {} : { BatchInput: input }), Items: items };
}

const encoder = new TextEncoder();

function bytesOf(value: Json): number {
  return encoder.encode(textOf(value)).length;
}
