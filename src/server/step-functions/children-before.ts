/**
 * What a redrive finds of the children of a map run: the runs before know which there are, the children themselves where they stand.
 *
 * A map run may end before its children do. Here is where its redrive waits for them (Developer Guide, "Redriving Map Runs").
 */
import { childrenQuery, type ChildPlace, type ChildRecord } from "../../notations/asl/execution.ts";
import type { ChildrenPage } from "../../notations/asl/execution.ts";
import type { Json } from "../../notations/asl/json.ts";
import type { ChildBefore, ChildrenBefore, ChildrenBeforeCall } from "../../notations/asl/task-host.ts";
import { standing } from "./redrive.ts";
import { unredrivable } from "./redrivable.ts";
import type { Service } from "./service.ts";

/** Where to look for what was before a redrive. */
export type Redriven = Pick<Service, "client" | "executions" | "now" | "awsLimits">;

/** Characters after which a page ends. */
const pageSize = 200_000;

/** A page of children. @throws RunNotFoundError when a run is gone */
export async function childrenBefore(parts: Redriven, call: ChildrenBeforeCall): Promise<ChildrenBefore> {
  const page = await pageOf(parts, call);
  const children: (ChildBefore | null)[] = [];
  let size = 0;
  for (const record of page.children) {
    const child = await childOf(parts, record, call.express);
    children.push(child);
    size += JSON.stringify(child).length;
    if (size >= pageSize) break;
  }
  return { children };
}

/** The page as the latest run knows it that has come so far. */
async function pageOf(
  { client }: Redriven,
  { run, mapRunArn, from }: ChildrenBeforeCall,
): Promise<ChildrenPage> {
  let page = await client.get(run).query(childrenQuery, { mapRunArn, from });
  while (page.children.length === 0 && page.before !== undefined)
    page = await client.get(page.before).query(childrenQuery, { mapRunArn, from });
  return page;
}

async function childOf(
  parts: Redriven,
  record: ChildRecord | null,
  express: boolean,
): Promise<ChildBefore | null> {
  if (record?.place === undefined || record.output !== undefined) return record;
  const { place, was = "aborted" } = record;
  return { place, was, ...(await ended(parts, place, express)) };
}

/** Waits for the child's end. */
async function ended(
  parts: Redriven,
  { arn }: ChildPlace,
  express: boolean,
): Promise<Pick<ChildBefore, "output" | "stopDate" | "resume" | "end">> {
  const { executions } = parts;
  const { runs } = executions;
  await runs.result(await runs.latest(arn));
  const view = await executions.view(arn);
  const { outcome, stoppedAt: stopDate, redriveCount } = view;
  const { status, error, cause } = outcome;
  // It was at its end when the map run was.
  if (outcome.output !== undefined) return { output: JSON.parse(outcome.output) as Json, stopDate };
  const number = redriveCount + 1;
  const resume = { ...(await standing(parts, arn)), number };
  // What is started anew always can be.
  if (express) return { resume: { ...resume, position: {} } };
  if ((await unredrivable(parts, view)) === undefined) return { resume };
  return {
    stopDate,
    end: { status: status === "TIMED_OUT" || status === "ABORTED" ? status : "FAILED", error, cause },
  };
}
