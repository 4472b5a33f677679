/** Map runs: what a Distributed Map state starts. Their execution knows all about them. */
import { UpdateRejectedError } from "../../core/errors.ts";
import { mapRunsQuery, mapRunUpdate, workflowName } from "../../notations/asl/execution.ts";
import type { JsonObject } from "../../notations/asl/json.ts";
import { resourceNotFound, validationError } from "./api-error.ts";
import { machineOfMapRun, parseArn } from "./arn.ts";
import { pageSize } from "./params.ts";
import { type Operations, seconds, type Service } from "./service.ts";
import { placeOf, tokenFor } from "./tokens.ts";

export const mapRunOperations: Operations = {
  ListMapRuns: async (service, params) => {
    const { text } = parseArn(params.text("executionArn"), ["execution"]);
    await service.executions.runs.describe(text);
    const all: JsonObject[] = [];
    for (const runId of await service.executions.runs.ids(text))
      all.push(...(await service.client.get(runId).query(mapRunsQuery)));
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
      if (!(error instanceof UpdateRejectedError) || !(error.cause instanceof Error)) throw error;
      throw validationError(error.cause.message);
    }
  },
};

function dated(mapRun: JsonObject): object {
  const { startDate, stopDate, ...rest } = mapRun as JsonObject & { startDate: number; stopDate?: number };
  return {
    ...rest,
    startDate: seconds(startDate),
    ...(stopDate === undefined ? {} : { stopDate: seconds(stopDate) }),
  };
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

interface Found {
  readonly runId: string;
  readonly mapRun: JsonObject;
}

/** A map run's ARN names its machine, not its execution: the machine's executions are asked, newest first. @throws ApiError ResourceNotFound */
async function find(service: Service, mapRunArn: string): Promise<Found> {
  parseArn(mapRunArn, ["mapRun"]);
  const machine = machineOfMapRun(mapRunArn).split("/")[0] ?? "";
  const idPrefix = `${machine.replace(":stateMachine:", ":execution:")}:`;
  for await (const { id } of service.client.list({ workflow: workflowName, idPrefix })) {
    const mapRuns = await service.client.get(id).query(mapRunsQuery);
    const mapRun = mapRuns.find((one) => one["mapRunArn"] === mapRunArn);
    if (mapRun !== undefined) return { runId: id, mapRun };
  }
  throw resourceNotFound(`Resource not found: '${mapRunArn}'`);
}
