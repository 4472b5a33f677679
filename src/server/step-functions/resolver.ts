/** What `states:startExecution` asks: the state machine behind an ARN. */
import { randomUUID } from "node:crypto";
import { StatesError } from "../../notations/asl/states-error.ts";
import type { CallOptions, ResolveCall, ResolvedMachine } from "../../notations/asl/task-host.ts";
import { ApiError } from "./api-error.ts";
import type { ExecutionLog } from "./execution-log.ts";
import type { MachineStore, Target } from "./machine-store.ts";

interface ResolverParts {
  readonly machines: MachineStore;
  readonly random: () => number;
  /** Absent: no logs are written. */
  readonly log: Pick<ExecutionLog, "announce"> | undefined;
}

/** Answers a task, after the log has been told what it is about to start. @throws StatesError StepFunctions.StateMachineDoesNotExistException and the like */
export function machineResolver({
  machines,
  random,
  log,
}: ResolverParts): (call: ResolveCall, options: CallOptions) => Promise<ResolvedMachine> {
  return async (call, { idempotencyKey }) => {
    try {
      const target = await machines.resolve(call.arn, random());
      return { ...resolved(target), executionName: await log?.announce(target, { ...call, idempotencyKey }) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw taskError(error);
    }
  };
}

/** As tasks of Step Functions see an error of Step Functions: in the words of version 1 of AWS's SDK for Java. */
function taskError({ type, message }: ApiError): StatesError {
  const facts = `Service: AWSStepFunctions; Status Code: 400; Error Code: ${type}; Request ID: ${randomUUID()}; Proxy: null`;
  return new StatesError(`StepFunctions.${type}Exception`, { cause: `${message} (${facts})` });
}

function resolved({ machine, revision, version, alias }: Target): ResolvedMachine {
  return {
    definition: revision.definition,
    name: machine.name,
    arn: machine.arn,
    roleArn: revision.roleArn,
    type: machine.type,
    versionArn: version === undefined ? undefined : `${machine.arn}:${version.number}`,
    aliasArn: alias === undefined ? undefined : `${machine.arn}:${alias.name}`,
    revisionId: revision.revisionId,
  };
}
