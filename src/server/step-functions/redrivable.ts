/**
 * Whether an execution can be redriven, and why not: in the words of DescribeExecution's `redriveStatusReason` (API Reference, "DescribeExecution"; Developer Guide,
 * "Redrive eligibility for unsuccessful executions").
 */
import { Events } from "./events.ts";
import type { ExecutionView } from "./executions.ts";
import type { Service } from "./service.ts";

/** How long after its end an execution can be redriven. */
const redrivableMs = 14 * 24 * 3600_000;

/** How long an execution may be open: AWS's quota. */
const openMs = 365 * 24 * 3600_000;

/** There must be room for the event of the redrive and for one more. */
const mostEvents = 24_999;

type Parts = Pick<Service, "client" | "executions" | "now" | "awsLimits">;

/** Why the execution cannot be redriven; undefined: it can, itself or with the map run that it is a child of. */
export async function redriveRefusal(
  service: Parts & Pick<Service, "machines">,
  view: ExecutionView,
): Promise<string | undefined> {
  const { input } = view;
  const deleted =
    input.mapRunArn === undefined && (await service.machines.find(input.machine.arn)) === undefined;
  return deleted ? "State machine is in DELETING status" : await unredrivable(service, view);
}

/** The same, without a look at the machine. */
export async function unredrivable(
  { client, executions, now, awsLimits }: Parts,
  { arn, outcome, startedAt, stoppedAt = 0 }: ExecutionView,
): Promise<string | undefined> {
  const { status } = outcome;
  if (status === "RUNNING" || status === "SUCCEEDED") return `Execution is ${status} and cannot be redriven`;
  if (now() - stoppedAt > redrivableMs) return "Execution redrivable period exceeded";
  if (!awsLimits) return undefined;
  if (now() - startedAt > openMs) return "Execution has exceeded the max execution time";
  const count = await new Events(client, executions.runs).count(arn);
  return count >= mostEvents ? "Execution history event limit exceeded" : undefined;
}

/** `redriveStatus` and its reason, as DescribeExecution has them. A child of a Distributed Map goes on with its map run. */
export function redriveStatus({ input }: ExecutionView, reason: string | undefined): object {
  if (reason !== undefined) return { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: reason };
  return { redriveStatus: input.mapRunArn === undefined ? "REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN" };
}
