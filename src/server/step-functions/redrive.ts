/**
 * RedriveExecution: an execution that did not succeed goes on at the state where it ended, in a new run (see runs.ts).
 * (Developer Guide, "Restarting state machine executions with redrive in Step Functions".)
 */
import { positionQuery } from "../../notations/asl/execution.ts";
import { isObject } from "../../notations/asl/json.ts";
import type { Json, JsonObject } from "../../notations/asl/json.ts";
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
    const token = params.optional("clientToken");
    const repeated = token === undefined ? undefined : await service.executions.runs.repeated(text, token);
    if (repeated !== undefined) return { redriveDate: seconds(repeated) };
    const view = await service.executions.view(text);
    const reason = view.input.mapRunArn === undefined ? unredrivable(view, service.now()) : ofMapRun;
    if (reason !== undefined) throw new ApiError("ExecutionNotRedrivable", reason);
    return { redriveDate: seconds(await redrive(service, view, token)) };
  },
};

const ofMapRun = "Execution is a child of a Map Run and is redriven with it";

async function redrive(
  service: Service,
  { arn, input, redrives }: ExecutionView,
  token: string | undefined,
): Promise<number> {
  const { runs } = service.executions;
  const { position, events } = await standing(service, arn);
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
  await runs.redrive(arn, next, { number, date, timeout: timeLimit(input.definition), token });
  service.started(await runs.latest(arn));
  return date;
}

interface Standing {
  readonly position: Json;
  readonly events: number;
}

/** Where an execution ended, and the children of its map runs that are to be redriven with it. */
async function standing(service: Service, arn: string): Promise<Standing> {
  const { runs } = service.executions;
  const position = await service.client.get(await runs.latest(arn)).query(positionQuery);
  const events = await new Events(service.client, runs).count(arn);
  return { position: await withChildren(service, position), events };
}

async function withChildren(service: Service, position: Json): Promise<Json> {
  if (!isObject(position) || !isObject(position["inner"] ?? null)) return position;
  const inner: Record<string, Json> = {};
  for (const [index, level] of Object.entries(position["inner"] as JsonObject))
    inner[index] = await withChildren(service, await withResume(service, level));
  return { ...position, inner };
}

/** A child that did not succeed gets its place to go on from. */
async function withResume(service: Service, level: Json): Promise<Json> {
  if (!isObject(level) || !isObject(level["child"] ?? null) || level["done"] === true) return level;
  const child = level["child"] as JsonObject & { readonly arn: string };
  const number = (await service.executions.runs.redriveDates(child.arn)).length + 1;
  const resume = { ...(await standing(service, child.arn)), number };
  return { ...level, child: { ...child, resume } };
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
