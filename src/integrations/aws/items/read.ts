/**
 * Items of a Distributed Map, page by page. A page's cursor says how many items there were and where reading goes on, as JSON that nobody else reads;
 * asking with the same cursor again gives the same page, as long as the data is the same.
 */
import { isObject, type Json, type JsonObject } from "../../../notations/asl/json.ts";
import type { CallOptions, ItemsCall, ItemsPage } from "../../../notations/asl/task-host.ts";
import { callHandler, findHandler, stopped } from "../handlers.ts";
import { addressOf } from "../s3/actions.ts";
import { storeOf } from "../s3/choose.ts";
import type { World } from "../world.ts";
import { asReaderFailure, readerFailure } from "./failure.ts";
import { formatOf, readFile, type FileState } from "./file.ts";
import { listedFiles, readFiles, type FilesState } from "./files.ts";
import { readListing } from "./listing.ts";
import { readManifest } from "./manifest.ts";
import { Page } from "./page.ts";
import type { SourceWorld } from "./source.ts";

interface Cursor {
  /** Items of the pages before. */
  readonly count: number;
  readonly state: State;
}

/** One of the readers' own. */
type State = FileState | FilesState | { readonly after: string } | { readonly handler: string };

interface Reading {
  readonly call: ItemsCall;
  readonly options: CallOptions;
  readonly world: World;
  readonly state: State | undefined;
}

/** @throws StatesError States.ItemReaderFailed */
export async function readItems(call: ItemsCall, options: CallOptions, world: World): Promise<ItemsPage> {
  const cursor = call.cursor === undefined ? undefined : (JSON.parse(call.cursor) as Cursor);
  const count = cursor?.count ?? 0;
  // No limit, and 0, mean all.
  const most = (call.maxItems ?? 0) > 0 ? (call.maxItems ?? 0) : Number.POSITIVE_INFINITY;
  const page = new Page(most - count);
  try {
    const state = await readerOf(call)(page, { call, options, world, state: cursor?.state });
    const total = count + page.items.length;
    if (state === undefined || total >= most) return { items: page.items };
    return { items: page.items, cursor: JSON.stringify({ count: total, state } satisfies Cursor) };
  } catch (error) {
    throw options.signal.aborted ? stopped() : asReaderFailure(error);
  }
}

type Reader = (page: Page, reading: Reading) => Promise<State | undefined>;

function readerOf(call: ItemsCall): Reader {
  const { InputType, ManifestType, Transformation } = call.config;
  const list = call.resource.endsWith(":listObjectsV2");
  return async (page, reading) => {
    const handled = await fromHandler(page, reading);
    if (handled !== NOT_HANDLED) return handled;
    if (list)
      return Transformation === "LOAD_AND_FLATTEN" ? flattened(page, reading) : listing(page, reading);
    if (InputType === "MANIFEST" || ManifestType !== undefined) return fromManifest(page, reading);
    return single(page, reading);
  };
}

async function single(page: Page, reading: Reading): Promise<State | undefined> {
  const at = addressOf(reading.call.parameters);
  return readFile(page, {
    at,
    format: formatOf(reading.call.config),
    state: reading.state as FileState | undefined,
    world: await sourceWorld(at.bucket, reading),
  });
}

async function listing(page: Page, reading: Reading): Promise<State | undefined> {
  const { bucket, prefix } = listedIn(reading.call.parameters);
  const state = (reading.state ?? {}) as { readonly after?: string };
  const store = await storeOf(bucket, reading.world);
  const after = await readListing(page, store, {
    bucket,
    prefix,
    after: state.after,
    signal: reading.options.signal,
  });
  return after === undefined ? undefined : { after };
}

async function flattened(page: Page, reading: Reading): Promise<State | undefined> {
  const { bucket, prefix } = listedIn(reading.call.parameters);
  const { signal } = reading.options;
  return readFiles(page, listedFiles(await storeOf(bucket, reading.world), { bucket, prefix, signal }), {
    format: formatOf(reading.call.config),
    state: (reading.state ?? {}) as FilesState,
    worldOf: (one) => sourceWorld(one, reading),
  });
}

async function fromManifest(page: Page, reading: Reading): Promise<State | undefined> {
  const at = addressOf(reading.call.parameters);
  const store = await storeOf(at.bucket, reading.world);
  const { config } = reading.call;
  const manifest = await readManifest(store, at, { config, signal: reading.options.signal });
  return readFiles(page, manifest.files, {
    format: manifest.format,
    state: (reading.state ?? {}) as FilesState,
    worldOf: (one) => sourceWorld(one, reading),
  });
}

async function sourceWorld(bucket: string, { world, options }: Reading): Promise<SourceWorld> {
  const { spool, recent } = world;
  return { store: await storeOf(bucket, world), spool, recent, signal: options.signal };
}

function listedIn(parameters: JsonObject): { readonly bucket: string; readonly prefix: string } {
  const { Bucket, Prefix } = parameters;
  if (typeof Bucket !== "string") throw readerFailure("The ItemReader has no Bucket.");
  return { bucket: Bucket, prefix: typeof Prefix === "string" ? Prefix : "" };
}

const NOT_HANDLED = Symbol("no handler");

/** A handler `itemReader:TYPE` gets the parameters, ReaderConfig and its Cursor, and answers items or `{Items, Cursor}`. */
async function fromHandler(page: Page, reading: Reading): Promise<State | typeof NOT_HANDLED | undefined> {
  const { call, options, world, state } = reading;
  const handler = findHandler(world.options.handlers, [`itemReader:${formatOf(call.config).type}`]);
  if (handler === undefined) return NOT_HANDLED;
  const cursor = state !== undefined && "handler" in state ? { Cursor: state.handler } : {};
  const input = { ...call.parameters, ReaderConfig: call.config, ...cursor };
  const { executionArn, stateName } = call.context;
  const result = await callHandler(handler, input, {
    resource: call.resource,
    executionArn,
    stateName,
    ...options,
  });
  const { Items, Cursor } = isObject(result) ? result : { Items: result, Cursor: undefined };
  if (!Array.isArray(Items)) throw readerFailure("The handler of the items has returned no list.");
  for (const item of Items as readonly Json[]) page.add(item, 0);
  return typeof Cursor === "string" ? { handler: Cursor } : undefined;
}
