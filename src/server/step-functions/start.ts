/** StartExecution and StartSyncExecution. */
import { DuplicateRunError } from "../../core/errors.ts";
import type { ExecutionInput } from "../../notations/asl/execution.ts";
import { ApiError, wrongMachineType } from "./api-error.ts";
import { executionArn, expressArn } from "./arn.ts";
import { timeLimit } from "./definition.ts";
import type { Target } from "./machine-store.ts";
import { checkLength, checkName, jsonProblem } from "./names.ts";
import type { Params } from "./params.ts";
import { type Operations, seconds, type Service } from "./service.ts";

/** Express executions last five minutes at most (Developer Guide, "Choosing workflow type"). */
const expressMs = 5 * 60_000;

export const startOperations: Operations = {
  StartExecution: async (service, params) => {
    const target = await service.machines.resolve(params.text("stateMachineArn"), service.random());
    const start = startOf(service, params, target);
    return { executionArn: start.arn, startDate: seconds(await begin(service, start)) };
  },

  StartSyncExecution: async (service, params) => {
    const target = await service.machines.resolve(params.text("stateMachineArn"), service.random());
    if (target.machine.type !== "EXPRESS") throw wrongMachineType();
    const start = startOf(service, params, target);
    await begin(service, start);
    return await answer(service, start, params.optional("includedData") !== "METADATA_ONLY");
  },
};

interface Start {
  readonly arn: string;
  readonly input: ExecutionInput;
  readonly timeout: number | undefined;
}

/** @throws ApiError InvalidName, InvalidExecutionInput, ValidationException */
function startOf(service: Service, params: Params, { machine, revision, version, alias }: Target): Start {
  const name = params.optional("name") ?? service.unique();
  checkName(name);
  const input = params.optional("input") ?? "{}";
  checkInput(input, service.awsLimits);
  const express = machine.type === "EXPRESS";
  const arn = express ? expressArn(machine.arn, name, service.unique()) : executionArn(machine.arn, name);
  const own = timeLimit(revision.definition);
  return {
    arn,
    timeout: express && service.awsLimits ? Math.min(own ?? expressMs, expressMs) : own,
    input: {
      definition: revision.definition,
      input,
      execution: { arn, name, roleArn: revision.roleArn },
      machine: {
        arn: machine.arn,
        name: machine.name,
        type: machine.type,
        versionArn: version === undefined ? undefined : `${machine.arn}:${version.number}`,
        aliasArn: alias === undefined ? undefined : `${machine.arn}:${alias.name}`,
        revisionId: revision.revisionId,
      },
      ...service.home,
      awsLimits: service.awsLimits,
    },
  };
}

function checkInput(input: string, limited: boolean): void {
  if (limited) checkLength("input", input);
  const problem = input.trim() === "" ? "Invalid execution input." : jsonProblem(input);
  if (problem === undefined) return;
  throw new ApiError("InvalidExecutionInput", `Invalid State Machine Execution Input: '${problem}'`);
}

/** Starts the execution, or finds that it is running already; returns when it began. @throws ApiError ExecutionAlreadyExists */
async function begin(service: Service, { arn, input, timeout }: Start): Promise<number> {
  const { runs } = service.executions;
  try {
    await service.launch(arn, input, () => runs.start(arn, input, { timeout }));
  } catch (error) {
    if (!(error instanceof DuplicateRunError)) throw error;
    const [found, { status, createdAt }] = [await runs.input(arn), await runs.describe(arn)];
    if (status === "running" && found.input === input.input) return createdAt;
    throw new ApiError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
  }
  return (await runs.describe(arn)).createdAt;
}

async function answer(service: Service, { arn, input }: Start, included: boolean): Promise<object> {
  const { runs } = service.executions;
  const { status, output, error, cause } = await runs.result(arn);
  const { createdAt, closedAt = createdAt } = await runs.describe(arn);
  const details = { included };
  return {
    executionArn: arn,
    stateMachineArn: input.machine.arn,
    name: input.execution.name,
    startDate: seconds(createdAt),
    stopDate: seconds(closedAt),
    status: status === "ABORTED" ? "FAILED" : status,
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(included ? { input: input.input } : {}),
    inputDetails: details,
    ...(included && output !== undefined ? { output } : {}),
    outputDetails: details,
    billingDetails: {
      // AWS bills in steps of 100 ms and of 64 MB.
      billedDurationInMilliseconds: Math.max(1, Math.ceil((closedAt - createdAt) / 100)) * 100,
      billedMemoryUsedInMB: 64,
    },
  };
}
