/** Map runs: what a Distributed Map state starts. Their execution knows all about them. */
import type { RunSummary } from "../../client/backend.ts";
import { RunClosedError, UpdateRejectedError } from "../../core/errors.ts";
import { isClosed } from "../../core/status.ts";
import { mapRunsQuery, mapRunUpdate, workflowName } from "../../notations/asl/execution.ts";
import type { Json, JsonObject } from "../../notations/asl/json.ts";
import { type ApiError, resourceNotFound, validationError } from "./api-error.ts";
import { machineOfMapRun, parseArn } from "./arn.ts";
import { pageSize } from "./params.ts";
import { type Operations, seconds, type Service } from "./service.ts";
import { placeOf, tokenFor } from "./tokens.ts";

export const mapRunOperations: Operations = {
  ListMapRuns: async (service, params) => {
    const { text } = parseArn(params.text("executionArn"), ["execution"]);
    await service.executions.runs.describe(text);
    const all = await mapRunsOf(service, text);
    const subject = `map runs ${text}`;
    const from = placeOf<number>(params, subject, "number") ?? 0;
    const to = from + pageSize(params);
    return {
      mapRuns: all.slice(from, to).map(listed),
      ...(to < all.length ? { nextToken: tokenFor(subject, to) } : {}),
    };
  },

  DescribeMapRun: async (service, params) => {
    const { stateMachineArn: _, ...shown } = (await find(service, params.text("mapRunArn"))).mapRun;
    return dated(shown);
  },

  UpdateMapRun: async (service, params) => {
    const mapRunArn = params.text("mapRunArn");
    const { runId } = await find(service, mapRunArn);
    const change = {
      mapRunArn,
      maxConcurrency: params.number("maxConcurrency"),
      toleratedFailureCount: params.number("toleratedFailureCount"),
      toleratedFailurePercentage: params.number("toleratedFailurePercentage"),
    };
    try {
      await service.client.get(runId).update(mapRunUpdate, change);
      return {};
    } catch (error) {
      if (error instanceof RunClosedError) throw notRunning(mapRunArn);
      if (!(error instanceof UpdateRejectedError) || !(error.cause instanceof Error)) throw error;
      throw validationError(error.cause.message);
    }
  },
};

/** All map runs of an execution, oldest first, each as the last run that had to do with it knows it. */
async function mapRunsOf(service: Service, arn: string): Promise<readonly JsonObject[]> {
  const all = new Map<Json | undefined, JsonObject>();
  for (const runId of await service.executions.runs.ids(arn))
    for (const mapRun of await told(service, await service.executions.runs.describe(arn, runId)))
      all.set(mapRun["mapRunArn"], mapRun);
  return [...all.values()];
}

/** The map runs of one run. */
async function told({ client }: Service, run: RunSummary): Promise<readonly JsonObject[]> {
  const closedAt = isClosed(run.status) ? (run.closedAt ?? run.createdAt) : undefined;
  return await client.get(run.id).query(mapRunsQuery, { closedAt });
}

function dated(mapRun: JsonObject): object {
  const dates = ["startDate", "stopDate", "redriveDate"].filter((name) => typeof mapRun[name] === "number");
  return { ...mapRun, ...Object.fromEntries(dates.map((name) => [name, seconds(mapRun[name] as number)])) };
}

function listed(mapRun: JsonObject): object {
  const { executionArn, mapRunArn, startDate, stopDate } = mapRun;
  const stateMachineArn = machineOfMapRun(mapRunArn as string);
  return dated({
    executionArn: executionArn ?? null,
    mapRunArn: mapRunArn ?? null,
    stateMachineArn,
    startDate: startDate ?? null,
    ...(stopDate === undefined ? {} : { stopDate }),
  });
}

function notRunning(mapRunArn: string): ApiError {
  return validationError(`Map Run Does Not Exist or is not running: '${mapRunArn}'`);
}

interface Found {
  readonly runId: string;
  readonly mapRun: JsonObject;
}

/** A map run's ARN names its machine, not its execution: the machine's executions are asked, newest first. @throws ApiError ResourceNotFound */
async function find(service: Service, mapRunArn: string): Promise<Found> {
  parseArn(mapRunArn, ["mapRun"]);
  const machine = machineOfMapRun(mapRunArn).split("/")[0] ?? "";
  const idPrefix = `${machine.replace(":stateMachine:", ":execution:")}:`;
  for await (const run of service.client.list({ workflow: workflowName, idPrefix })) {
    const mapRun = (await told(service, run)).find((one) => one["mapRunArn"] === mapRunArn);
    if (mapRun !== undefined) return { runId: run.id, mapRun };
  }
  throw resourceNotFound(`Resource not found: '${mapRunArn}'`);
}
