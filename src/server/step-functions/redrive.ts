/**
 * RedriveExecution: an execution that did not succeed goes on at the state where it ended, in a new run (see runs.ts).
 * (Developer Guide, "Restarting state machine executions with redrive in Step Functions".)
 *
 * Invariant: of several requests at once one is accepted. Each starts the same next run under an operation of its own, and the store lets one of them do it.
 */
import { DuplicateRunError } from "../../core/errors.ts";
import { positionQuery, type Resume } from "../../notations/asl/execution.ts";
import { ApiError } from "./api-error.ts";
import { parseArn } from "./arn.ts";
import { timeLimit } from "./definition.ts";
import { Events } from "./events.ts";
import type { ExecutionView } from "./executions.ts";
import { redriveRefusal } from "./redrivable.ts";
import { type Operations, seconds, type Service } from "./service.ts";

export const redriveOperations: Operations = {
  RedriveExecution: async (service, params) => {
    const { text } = parseArn(params.text("executionArn"), ["execution"]);
    const token = params.optional("clientToken");
    const repeated =
      token === undefined
        ? undefined
        : await service.executions.runs.repeated(text, { token, now: service.now() });
    if (repeated !== undefined) return { redriveDate: seconds(repeated) };
    const view = await service.executions.view(text);
    const reason = view.input.mapRunArn === undefined ? await redriveRefusal(service, view) : ofMapRun;
    if (reason !== undefined) throw new ApiError("ExecutionNotRedrivable", reason);
    return { redriveDate: seconds(await redrive(service, view, token)) };
  },
};

const ofMapRun = "Execution is a child of a Map Run and is redriven with it";

/** @throws ApiError ExecutionNotRedrivable: another request was faster */
async function redrive(
  service: Service,
  { arn, input, redriveCount }: ExecutionView,
  token: string | undefined,
): Promise<number> {
  const { runs } = service.executions;
  const number = redriveCount + 1;
  const runId = `${arn}#${number}`;
  const next = {
    ...input,
    execution: { ...input.execution, redriveCount: number },
    resume: await standing(service, arn),
    redriveToken: token,
  };
  try {
    const operation = `redrive ${number} ${token ?? service.unique()}`;
    const timeout = timeLimit(input.definition);
    await service.launch(runId, next, () => runs.start(runId, next, { operation, timeout }));
  } catch (error) {
    if (!(error instanceof DuplicateRunError)) throw error;
    throw new ApiError("ExecutionNotRedrivable", "Execution is RUNNING and cannot be redriven");
  }
  return (await runs.describe(arn, runId)).createdAt;
}

/** Where an execution ended. */
export async function standing(
  { client, executions: { runs } }: Pick<Service, "client" | "executions">,
  arn: string,
): Promise<Resume> {
  const run = await runs.latest(arn);
  const position = await client.get(run).query(positionQuery);
  return { position, events: await new Events(client, runs).count(arn), run };
}
