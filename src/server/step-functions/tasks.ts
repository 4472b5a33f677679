/** SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat. */
import { RunClosedError, RunNotFoundError, UpdateRejectedError } from "../../core/errors.ts";
import { reportUpdate, runOfToken, type TaskReport } from "../../notations/asl/execution.ts";
import { ApiError, invalidToken } from "./api-error.ts";
import { checkLength, jsonProblem } from "./names.ts";
import type { Operations, Service } from "./service.ts";

export const taskOperations: Operations = {
  SendTaskSuccess: async (service, params) => {
    const output = params.text("output");
    if (service.awsLimits) checkLength("output", output);
    const problem = output.trim() === "" ? "Invalid output." : jsonProblem(output);
    if (problem !== undefined) throw new ApiError("InvalidOutput", `Invalid Output: '${problem}'`);
    return await report(service, { taskToken: params.text("taskToken"), kind: "success", output });
  },

  SendTaskFailure: async (service, params) =>
    await report(service, {
      taskToken: params.text("taskToken"),
      kind: "failure",
      error: params.optional("error"),
      cause: params.optional("cause"),
    }),

  SendTaskHeartbeat: async (service, params) =>
    await report(service, { taskToken: params.text("taskToken"), kind: "heartbeat" }),
};

/** @throws ApiError InvalidToken, TaskTimedOut, TaskDoesNotExist */
async function report(service: Service, told: TaskReport): Promise<object> {
  const run = runOfToken(told.taskToken);
  if (run === undefined || run === "") throw invalidToken();
  try {
    await service.client.get(run).update(reportUpdate, told);
    return {};
  } catch (error) {
    throw refusal(error);
  }
}

function refusal(error: unknown): unknown {
  if (error instanceof RunNotFoundError) return doesNotExist();
  if (error instanceof RunClosedError) return timedOut();
  if (!(error instanceof UpdateRejectedError)) return error;
  const why = error.cause instanceof Error ? error.cause.message : "";
  return why === "TaskDoesNotExist" ? doesNotExist() : timedOut();
}

function timedOut(): ApiError {
  return new ApiError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
}

function doesNotExist(): ApiError {
  return new ApiError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'");
}
