/**
 * The items of a Distributed Map, in pages: from the state's input or from an ItemReader.
 *
 * Invariant: what a reader gave is recorded page by page, so that a replay sees the same items even if the source has changed, and so does a redrive
 * (AWS, "Scenarios of input used on Map Run redrive").
 */
import type { Json } from "../../json.ts";
import { isObject } from "../../json.ts";
import type { ItemReader, MapState } from "../../model.ts";
import type { ItemsCall, ItemsPage, PageBefore } from "../../task-host.ts";
import type { MapRun } from "../map-runs.ts";
import type { StateRun } from "../state-run.ts";
import { taskCall } from "../tasks/call.ts";
import { numberField, wholeNumber } from "./inputs.ts";

/** Reads page after page; undefined at the end. */
export type Reader = () => Promise<readonly Json[] | undefined>;

/** A reader of items that are there. */
export function readerOf(items: readonly Json[]): Reader {
  let page: readonly Json[] | undefined = items;
  return async () => {
    const all = page;
    page = undefined;
    return all;
  };
}

interface ReaderOptions {
  readonly input: Json;
  readonly mapRun: MapRun;
}

/** A reader of what an ItemReader names. After a redrive it begins with what was read before. */
export async function itemReader(
  run: StateRun<MapState>,
  reader: ItemReader,
  { input, mapRun }: ReaderOptions,
): Promise<Reader> {
  const { world, input: execution } = run.execution;
  const call = { ...(await itemsCall(run, reader, input)), mapRunArn: mapRun.arn };
  let before: PageBefore | undefined =
    mapRun.place.redrives === 0 || execution.resume === undefined
      ? undefined
      : { run: execution.resume.run, from: 1 };
  const next = async (cursor: string | undefined): Promise<ItemsPage> => {
    const known =
      before === undefined ? undefined : await world.itemsBefore({ mapRunArn: mapRun.arn, place: before });
    before = known?.next;
    return known ?? (await world.readItems({ ...call, cursor }));
  };
  let cursor: string | undefined;
  let read = 0;
  let over = false;
  return async () => {
    if (over) return undefined;
    const page = await next(cursor);
    const left = (call.maxItems ?? Infinity) - read;
    const items = page.items.length > left ? page.items.slice(0, left) : page.items;
    read += items.length;
    ({ cursor } = page);
    over = cursor === undefined || items.length === left;
    return items;
  };
}

async function itemsCall(run: StateRun<MapState>, reader: ItemReader, input: Json): Promise<ItemsCall> {
  const { Resource, ReaderConfig = {} } = reader;
  const parameters = await parametersOf(run, reader, input);
  const maxItems = await maxItemsOf(run, ReaderConfig, input);
  const { MaxItems: _items, MaxItemsPath: _path, ...config } = ReaderConfig;
  const { context } = taskCall(run, Resource, null);
  return {
    resource: Resource,
    parameters: isObject(parameters) ? parameters : {},
    config: config,
    maxItems: maxItems === 0 ? undefined : maxItems,
    context,
  };
}

async function parametersOf(run: StateRun<MapState>, reader: ItemReader, input: Json): Promise<Json> {
  const { Parameters = {}, Arguments = {} } = reader;
  if (run.isJsonata) return await run.evaluate(Arguments, "ItemReader/Arguments");
  return run.fill(Parameters, "Parameters", input);
}

async function maxItemsOf(
  run: StateRun<MapState>,
  { MaxItems, MaxItemsPath: path }: NonNullable<ItemReader["ReaderConfig"]>,
  input: Json,
): Promise<number> {
  if (path !== undefined)
    return wholeNumber(run.at(path, "MaxItemsPath", input), { field: "MaxItemsPath", path });
  return await numberField(run, "ItemReader/ReaderConfig/MaxItems", MaxItems ?? 0);
}
