/** What can be asked of an execution, and told: its events, its map runs, its position; reports for tokens, changes of map runs. */
import { ApplicationError } from "../../../core/errors.ts";
import {
  eventsQuery,
  mapRunsQuery,
  mapRunUpdate,
  positionQuery,
  reportUpdate,
  takeUpdate,
} from "../execution.ts";
import type { EventsPage } from "../execution.ts";
import type { Json } from "../json.ts";
import type { EventLog } from "./event-log.ts";
import type { Execution } from "./execution.ts";
import type { Position } from "./position.ts";

export function answerQuestions(execution: Execution, position: Position): void {
  const { log, mapRuns, tokens } = execution;
  eventsQuery.handle((page) => pageOf(log, page));
  mapRunsQuery.handle(() => mapRuns.all.map((run) => run.describe()));
  positionQuery.handle(() => structuredClone(position) as unknown as Json);
  reportUpdate.handle((report) => tokens.report(report), {
    validate: ({ taskToken }) => void tokens.check(taskToken),
  });
  takeUpdate.handle(({ taskToken, workerName }) => tokens.take(taskToken, workerName), {
    validate: ({ taskToken }) => tokens.checkTake(taskToken),
  });
  mapRunUpdate.handle((change) => changeMapRun(execution, change), {
    validate: ({ mapRunArn }) => {
      if (mapRuns.find(mapRunArn)?.status === "RUNNING") return;
      throw new ApplicationError(`Map Run Does Not Exist or is not running: '${mapRunArn}'`);
    },
  });
}

interface Change {
  readonly mapRunArn: string;
  readonly maxConcurrency?: number | undefined;
  readonly toleratedFailureCount?: number | undefined;
  readonly toleratedFailurePercentage?: number | undefined;
}

function changeMapRun({ mapRuns }: Execution, change: Change): void {
  const run = mapRuns.find(change.mapRunArn);
  if (run === undefined) return;
  run.maxConcurrency = change.maxConcurrency ?? run.maxConcurrency;
  run.toleratedFailureCount = change.toleratedFailureCount ?? run.toleratedFailureCount;
  run.toleratedFailurePercentage = change.toleratedFailurePercentage ?? run.toleratedFailurePercentage;
  run.changed();
}

function pageOf(
  log: EventLog,
  {
    from,
    count,
    reverse = false,
  }: { readonly from: number; readonly count: number; readonly reverse?: boolean },
): EventsPage {
  const total = log.count;
  if (!reverse) return { events: log.slice(from - 1, from - 1 + count), total };
  const end = total - (from - 1);
  return { events: log.slice(Math.max(0, end - count), Math.max(0, end)).toReversed(), total };
}
