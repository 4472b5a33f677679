/** What `states:startExecution` asks: the state machine behind an ARN. */
import { randomUUID } from "node:crypto";
import { StatesError } from "../../notations/asl/states-error.ts";
import type { ResolvedMachine } from "../../notations/asl/task-host.ts";
import type { Records } from "../../store/records.ts";
import { ApiError } from "./api-error.ts";
import { MachineStore, type Target } from "./machine-store.ts";

/** @throws StatesError StepFunctions.StateMachineDoesNotExistException and the like */
export function machineResolver(
  records: Records,
  random: () => number,
): (arn: string) => Promise<ResolvedMachine> {
  const machines = new MachineStore(records);
  return async (arn) => {
    try {
      return resolved(await machines.resolve(arn, random()));
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
  };
}
