/** DescribeExecution, DescribeStateMachineForExecution, StopExecution. */
import { parseArn } from "./arn.ts";
import type { ExecutionView } from "./executions.ts";
import { redriveRefusal, redriveStatus } from "./redrivable.ts";
import { type Operations, seconds } from "./service.ts";
import { variableReferences } from "./variable-references.ts";

export const executionOperations: Operations = {
  DescribeExecution: async (service, params) => {
    const { text } = parseArn(params.text("executionArn"), ["execution"]);
    const view = await service.executions.view(text);
    const included = params.optional("includedData") !== "METADATA_ONLY";
    return { ...described(view, included), ...redriveStatus(view, await redriveRefusal(service, view)) };
  },

  DescribeStateMachineForExecution: async (service, params) => {
    const { text } = parseArn(params.text("executionArn"), ["execution"]);
    const { input, startedAt } = await service.executions.view(text);
    const { arn, name, revisionId = "" } = input.machine;
    const revision = await service.machines.revision(arn, revisionId);
    const included = params.optional("includedData") !== "METADATA_ONLY";
    const { loggingConfiguration, tracingConfiguration, encryptionConfiguration } =
      revision ?? withoutRevision;
    return {
      stateMachineArn: arn,
      name,
      ...(included ? { definition: input.definition } : {}),
      roleArn: input.execution.roleArn,
      updateDate: seconds(revision?.date ?? startedAt),
      loggingConfiguration,
      tracingConfiguration,
      encryptionConfiguration,
      ...(input.mapRunArn === undefined ? {} : { mapRunArn: input.mapRunArn }),
      ...(revision?.initial === false ? { revisionId: revision.revisionId } : {}),
      ...(included ? variableReferences(input.definition) : {}),
    };
  },

  StopExecution: async (service, params) => {
    const { text } = parseArn(params.text("executionArn"), ["execution"]);
    const stopped = await service.executions.stop(text, params.optional("error"), params.optional("cause"));
    return { stopDate: seconds(stopped ?? service.now()) };
  },
};

/** What is said of the configuration when the machine is gone. */
const withoutRevision = {
  loggingConfiguration: { level: "OFF", includeExecutionData: false },
  tracingConfiguration: { enabled: false },
  encryptionConfiguration: undefined,
};

function described(view: ExecutionView, included: boolean): object {
  const { input, outcome } = view;
  const { output, error, cause } = outcome;
  return {
    ...listed(view),
    ...(included ? { input: input.input } : {}),
    inputDetails: { included },
    ...(included && output !== undefined ? { output } : {}),
    ...(output === undefined ? {} : { outputDetails: { included } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** What lists show of an execution. */
export function listed(view: ExecutionView): object {
  const { arn, input, outcome, startedAt, stoppedAt, redriveCount, redrivenAt } = view;
  const { machine, execution, mapRunArn } = input;
  return {
    executionArn: arn,
    stateMachineArn: machine.arn,
    name: execution.name,
    status: outcome.status,
    startDate: seconds(startedAt),
    ...(stoppedAt === undefined ? {} : { stopDate: seconds(stoppedAt) }),
    ...(machine.versionArn === undefined ? {} : { stateMachineVersionArn: machine.versionArn }),
    ...(machine.aliasArn === undefined ? {} : { stateMachineAliasArn: machine.aliasArn }),
    ...(mapRunArn === undefined ? {} : { mapRunArn }),
    redriveCount,
    ...(redrivenAt === undefined ? {} : { redriveDate: seconds(redrivenAt) }),
  };
}
