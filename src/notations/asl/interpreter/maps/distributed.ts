/**
 * Map in DISTRIBUTED mode: each item, or batch of items, is a child execution with a history of its own, and they make up a map run.
 *
 * Invariants:
 * - At most `maxConcurrency` children are open, and at most one page of items waits, so that the memory that it takes does not grow with the items but for their results.
 * - Results are in the order of the items. Children that a redrive finds done are not run again.
 */
import type { Json } from "../../json.ts";
import { textOf } from "../../json.ts";
import type { Machine, MapState, ProcessorConfig } from "../../model.ts";
import { StatesError } from "../../states-error.ts";
import { MapRun } from "../map-runs.ts";
import { mostRedrives } from "../position.ts";
import type { MapRunPosition } from "../position.ts";
import type { StateRun } from "../state-run.ts";
import { ChildrenFromBefore } from "./before.ts";
import { Children } from "./children.ts";
import { concurrencyOf, itemsOf, mapInput } from "./inputs.ts";
import { itemReader, readerOf } from "./reader.ts";
import { checkTolerance } from "./tolerance.ts";
import type { Tolerance } from "./tolerance.ts";
import { batchingOf } from "./batches.ts";
import { resultWriter } from "./writer.ts";

type Processor = Machine & { readonly ProcessorConfig?: ProcessorConfig };

export async function runDistributed(run: StateRun<MapState>, processor: Processor): Promise<Json> {
  const { frame, state } = run;
  const { execution } = frame;
  const input = mapInput(run);
  const items = state.ItemReader === undefined ? await itemsOf(run, input) : undefined;
  const concurrency = await concurrencyOf(run, input);
  frame.log("MapStateStarted", { length: items?.length ?? 0 });
  const tolerance = await checkTolerance(run, input);
  const mapRun = newMapRun(run, { concurrency, tolerance });
  const { arn: mapRunArn, redrives: redriveCount } = mapRun.place;
  if (redriveCount === 0) frame.log("MapRunStarted", { mapRunArn });
  else frame.log("MapRunRedriven", { mapRunArn, redriveCount });
  try {
    const output = await results(run, { mapRun, items, input, processor });
    mapRun.end("SUCCEEDED", execution.world.now());
    frame.log("MapRunSucceeded");
    execution.log.add("MapStateSucceeded", frame.last);
    return output;
  } catch (error) {
    // What is no failure is a block that was ended from outside: whoever ended it has told so.
    if (mapRun.status === "RUNNING")
      mapRun.end(error instanceof StatesError ? "FAILED" : "ABORTED", execution.world.now());
    if (error instanceof StatesError) logFailed(run, run.failed(error));
    throw error;
  }
}

function logFailed({ frame }: StateRun, { error = "", causeText }: StatesError): void {
  frame.log("MapRunFailed", { error, ...(causeText === undefined ? {} : { cause: causeText }) });
}

interface ResultOptions {
  readonly mapRun: MapRun;
  readonly items: readonly Json[] | undefined;
  readonly input: Json;
  readonly processor: Processor;
}

async function results(run: StateRun<MapState>, options: ResultOptions): Promise<Json> {
  const { mapRun, items, input, processor } = options;
  const { frame } = run;
  const { ItemReader, ItemBatcher, ResultWriter } = run.state;
  const reader =
    ItemReader === undefined ? readerOf(items ?? []) : await itemReader(run, ItemReader, { input, mapRun });
  const batching = ItemBatcher === undefined ? undefined : await batchingOf(run, ItemBatcher, input);
  const writer =
    ResultWriter === undefined ? undefined : await resultWriter(run, ResultWriter, { mapRun, input });
  const definition = textOf({
    ...processor,
    QueryLanguage: processor.QueryLanguage ?? frame.language,
  } as unknown as Json);
  const children = new Children(run, {
    mapRun,
    reader,
    batching,
    input,
    definition,
    total: items?.length,
    before: childrenFromBefore(run, { mapRun, express: isExpress(processor) }),
    timeoutMs: timeLimit(run, processor),
  });
  const outputs = await children.run(writer === undefined ? undefined : (child) => writer.add(child));
  return writer === undefined ? outputs : await writer.finish();
}

/** Express children last five minutes at most. */
function timeLimit({ execution }: StateRun, processor: Processor): number | undefined {
  return isExpress(processor) && execution.input.awsLimits ? 300_000 : undefined;
}

function isExpress({ ProcessorConfig }: Processor): boolean {
  return ProcessorConfig?.ExecutionType === "EXPRESS";
}

function childrenFromBefore(
  { execution }: StateRun,
  { mapRun, express }: { readonly mapRun: MapRun; readonly express: boolean },
): ChildrenFromBefore | undefined {
  const { resume } = execution.input;
  if (resume === undefined || mapRun.place.redrives === 0) return undefined;
  return new ChildrenFromBefore(execution.world, { run: resume.run, mapRunArn: mapRun.arn, express });
}

/** @throws StatesError States.Runtime: it has been redriven too often */
function newMapRun(
  run: StateRun<MapState>,
  { concurrency, tolerance }: { readonly concurrency: number; readonly tolerance: Tolerance },
): MapRun {
  const { execution, frame } = run;
  const before = frame.position.mapRun;
  if (before !== undefined && execution.input.awsLimits && before.redrives >= mostRedrives)
    throw new StatesError("States.Runtime", {
      cause: `The Map Run has reached the maximum number of redrives (${mostRedrives}).`,
    });
  const place = before === undefined ? newPlace(run) : { ...before, redrives: before.redrives + 1 };
  frame.position.mapRun = place;
  const mapRun = new MapRun({
    place,
    executionArn: execution.input.execution.arn,
    redriveDate: before === undefined ? undefined : execution.world.now(),
    before: before === undefined ? undefined : execution.input.resume?.run,
    maxConcurrency: concurrency,
    toleratedFailureCount: tolerance.count,
    toleratedFailurePercentage: tolerance.percentage,
  });
  execution.mapRuns.all.push(mapRun);
  return mapRun;
}

function newPlace({ execution, state, name }: StateRun<MapState>): MapRunPosition {
  const { world } = execution;
  const { machine } = execution.input;
  const label = state.Label ?? labelOf(name, world.uuid());
  const parts = machine.arn.split(":");
  return {
    arn: [...parts.slice(0, 5), "mapRun", `${machine.name}/${label}`, world.uuid()].join(":"),
    stateMachineArn: `${machine.arn}/${label}`,
    startDate: world.now(),
    redrives: 0,
  };
}

/** Without a Label AWS makes one up. It must differ from execution to execution of one state, and be a part of an ARN. */
function labelOf(name: string, uuid: string): string {
  return `${name.replaceAll(/[^\w-]/g, "").slice(0, 30)}${uuid.slice(0, 8)}`;
}
