/** What can be asked of an execution, and told: its events, its map runs, its position; reports for tokens, changes of map runs, that it goes on from another's history. */
import { ApplicationError } from "../../../core/errors.ts";
import { forked } from "../../../workflow/forked.ts";
import {
  childrenQuery,
  eventsQuery,
  mapRunsQuery,
  mapRunUpdate,
  positionQuery,
  reportUpdate,
  takeUpdate,
} from "../execution.ts";
import type { EventsPage, HistoryEvent } from "../execution.ts";
import type { Json } from "../json.ts";
import type { EventLog } from "./event-log.ts";
import type { Execution } from "./execution.ts";
import { told } from "./position.ts";
import type { Position } from "./position.ts";

export function answerQuestions(execution: Execution, position: Position): void {
  const { log, mapRuns, tokens, waits } = execution;
  forked.handle((word) => waits.goesOn(word));
  eventsQuery.handle((page) => pageOf(log, page));
  mapRunsQuery.handle(({ closedAt }) => mapRuns.all.map((run) => run.describe(closedAt)));
  positionQuery.handle(() => told(position, (arn) => mapRuns.find(arn)?.counts) as unknown as Json);
  childrenQuery.handle(
    ({ mapRunArn, from }) =>
      // A map run that was not entered again is known to the run before.
      mapRuns.find(mapRunArn)?.page(from) ?? { children: [], before: execution.input.resume?.run },
  );
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

/** Characters after which a page of events ends: its answer has a limit too. */
const pageSize = 2_000_000;

/** At most `count` events; fewer, but one at least, if they are large. */
function pageOf(
  log: EventLog,
  {
    from,
    count,
    reverse = false,
  }: { readonly from: number; readonly count: number; readonly reverse?: boolean },
): EventsPage {
  const total = log.count;
  const first = Math.max(1, from);
  const events: HistoryEvent[] = [];
  let size = 0;
  for (let number = first; number <= total && events.length < count && size < pageSize; number++) {
    const index = reverse ? total - number : number - 1;
    for (const event of log.slice(index, index + 1)) {
      events.push(event);
      size += lengthOf(event);
    }
  }
  return { events, total };
}

/** Characters of all texts. */
function lengthOf(value: Json): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner: Json) => sum + lengthOf(inner), 0);
}
