/** What a Map state evaluates before its iterations, and whether too many of them are said to have failed. */
import type { Json, JsonObject } from "../json.ts";
import { isObject } from "../json.ts";
import { Batcher, batchingOf } from "../interpreter/maps/batches.ts";
import { concurrencyOf, itemOf, itemsOf } from "../interpreter/maps/inputs.ts";
import { checkTolerance } from "../interpreter/maps/tolerance.ts";
import type { StateRun } from "../interpreter/state-run.ts";
import type { ItemReader, MapState } from "../model.ts";
import { StatesError } from "../states-error.ts";
import { readJson } from "./json-text.ts";
import type { StateConfiguration } from "./request.ts";

interface MapOptions {
  readonly input: Json;
  readonly configuration: StateConfiguration;
}

/** @returns throws States.ExceedToleratedFailureThreshold if too many have failed. @throws StatesError */
export async function prepareMap(
  run: StateRun<MapState>,
  { input, configuration }: MapOptions,
): Promise<() => void> {
  const { ItemReader } = run.state;
  const items =
    ItemReader === undefined ? await itemsOf(run, input) : readItems(run, ItemReader, configuration);
  await concurrencyOf(run, input);
  const { count, percentage } = await checkTolerance(run, input);
  await inspectInputs(run, items, input);
  const failed = configuration.mapIterationFailureCount ?? 0;
  return () => {
    const tooMany = has(run, "ToleratedFailureCount") && failed > count;
    const share = items.length === 0 ? 0 : (100 * failed) / items.length;
    const tooLarge = has(run, "ToleratedFailurePercentage") && share > percentage;
    if (!tooMany && !tooLarge) return;
    throw new StatesError("States.ExceedToleratedFailureThreshold", {
      cause: "The specified tolerated failure threshold was exceeded",
    });
  };
}

/** Without a threshold AWS takes any number of failures. */
function has(
  { state }: StateRun<MapState>,
  field: "ToleratedFailureCount" | "ToleratedFailurePercentage",
): boolean {
  return state[field] !== undefined || state[`${field}Path`] !== undefined;
}

/** What the iterations, and the batches of them, would get. */
async function inspectInputs(run: StateRun<MapState>, items: readonly Json[], input: Json): Promise<void> {
  const { ItemSelector, Parameters, ItemBatcher } = run.state;
  const selected: Json[] = [];
  for (const [index, value] of items.entries()) selected.push(await itemOf(run, { index, value, input }));
  if (ItemSelector !== undefined || Parameters !== undefined) run.inspect("afterItemSelector", selected);
  if (ItemBatcher === undefined) return;
  const batcher = new Batcher(await batchingOf(run, ItemBatcher, input));
  const batches = [...selected.map((item) => batcher.add(item)), batcher.flush()];
  run.inspect(
    "afterItemBatcher",
    batches.flatMap((batch) => (batch === undefined ? [] : [batch.input])),
  );
}

/** The items in the data that the reader is said to have read: of JSON and of JSON Lines; other formats count as empty. */
function readItems(
  run: StateRun<MapState>,
  { ReaderConfig = {} }: ItemReader,
  { mapItemReaderData: text }: StateConfiguration,
): readonly Json[] {
  if (text === undefined) return [];
  const { InputType = "JSON", ItemsPointer } = ReaderConfig;
  if (InputType === "JSONL")
    return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [parsed(line)]));
  if (InputType !== "JSON") return [];
  const data = parsed(text);
  if (ItemsPointer === undefined) return listOf(data);
  const items = pointed(data, ItemsPointer);
  run.inspect("afterItemsPointer", items);
  return listOf(items);
}

function parsed(text: string): Json {
  const read = readJson(text);
  if ("problem" in read) throw unreadable(`The data of the item reader is not JSON: ${read.problem}`);
  return read.value;
}

function listOf(data: Json): readonly Json[] {
  if (Array.isArray(data)) return data;
  // The fields of an object are items too (AWS, "ItemReader": JSON objects).
  if (isObject(data)) return Object.entries(data).map(([Key, Value]) => ({ Key, Value }));
  throw unreadable("Attempting to map over non-iterable node.");
}

/** JSON Pointer (RFC 6901). */
function pointed(data: Json, pointer: string): Json {
  let value: Json | undefined = data;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    value = value !== null && typeof value === "object" ? (value as JsonObject)[key] : undefined;
    if (value === undefined) throw unreadable(`The ItemsPointer '${pointer}' leads to nothing.`);
  }
  return value;
}

function unreadable(cause: string): StatesError {
  return new StatesError("States.ItemReaderFailed", { cause });
}
