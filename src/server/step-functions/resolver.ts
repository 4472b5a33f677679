/** What `states:startExecution` asks: the state machine behind an ARN. */
import { StatesError } from "../../notations/asl/states-error.ts";
import type { ResolvedMachine } from "../../notations/asl/task-host.ts";
import type { Records } from "../../store/records.ts";
import { ApiError } from "./api-error.ts";
import { MachineStore, type Target } from "./machine-store.ts";

/** @throws StatesError StepFunctions.StateMachineDoesNotExist and the like, with the API's message as cause */
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
      throw new StatesError(error.type, { cause: error.message });
    }
  };
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
