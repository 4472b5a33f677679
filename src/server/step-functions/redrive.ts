/**
 * RedriveExecution: an execution that did not succeed goes on at the state where it ended, in a new run (see runs.ts).
 * (Developer Guide, "Restarting state machine executions with redrive in Step Functions".)
 */
import { positionQuery } from "../../notations/asl/execution.ts";
import { ApiError } from "./api-error.ts";
import { parseArn } from "./arn.ts";
import { timeLimit } from "./definition.ts";
import { Events } from "./events.ts";
import type { ExecutionView } from "./executions.ts";
import { type Operations, seconds, type Service } from "./service.ts";

/** How long after its end an execution can be redriven. */
const redrivableMs = 14 * 24 * 3600_000;

/** AWS's quotas. */
const mostRedrives = 1000;
const mostEvents = 24_999;

export const redriveOperations: Operations = {
  RedriveExecution: async (service, params) => {
    const { text } = parseArn(params.text("executionArn"), ["execution"]);
    const view = await service.executions.view(text);
    const reason = unredrivable(view, service.now());
    if (reason !== undefined) throw new ApiError("ExecutionNotRedrivable", reason);
    return { redriveDate: seconds(await redrive(service, view)) };
  },
};

async function redrive(service: Service, { arn, input, redrives }: ExecutionView): Promise<number> {
  const { runs } = service.executions;
  const position = await service.client.get(await runs.latest(arn)).query(positionQuery);
  const events = await new Events(service.client, runs).count(arn);
  if (service.awsLimits && events >= mostEvents)
    throw new ApiError(
      "ExecutionNotRedrivable",
      "Execution has reached the maximum number of history events",
    );
  const number = redrives.length + 1;
  const next = {
    ...input,
    execution: { ...input.execution, redriveCount: number },
    resume: { position, events },
  };
  const date = service.now();
  await runs.redrive(arn, next, { number, date, timeout: timeLimit(input.definition) });
  service.started(await runs.latest(arn));
  return date;
}

/** Why an execution cannot be redriven; undefined: it can. */
function unredrivable({ outcome, stoppedAt = 0, redrives }: ExecutionView, now: number): string | undefined {
  const { status } = outcome;
  if (status === "RUNNING" || status === "SUCCEEDED") return `Execution is ${status} and cannot be redriven`;
  if (now - stoppedAt > redrivableMs)
    return "Execution history has exceeded the redrivable period of 14 days";
  return redrives.length >= mostRedrives ? "Execution has reached the maximum number of redrives" : undefined;
}

/** `redriveStatus` and its reason, as DescribeExecution has them. */
export function redrivability(view: ExecutionView, now: number): object {
  const reason = unredrivable(view, now);
  if (reason !== undefined) return { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: reason };
  // A child of a Distributed Map goes on with its map run.
  return { redriveStatus: view.input.mapRunArn === undefined ? "REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN" };
}
