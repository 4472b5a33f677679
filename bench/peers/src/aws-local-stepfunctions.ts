/*
 * aws-local-stepfunctions: an interpreter of the Amazon States Language in the application's process, for tests.
 * It writes nothing down: what it runs is lost with the process, and there is no history to ask for.
 */
import { StateMachine, type StateMachineDefinition } from "aws-local-stepfunctions";
import type { MachineSubject } from "../../asl/compare.ts";
import { Identity } from "../../asl/handlers.ts";
import { versionOf, type Peer } from "./peer.ts";

type Input = Parameters<StateMachine["run"]>[0];

/** The state is called Task in all machines; it is overridden by the state's name, not the function's. */
const overrides = { taskResourceLocalHandlers: { Task: Identity<Input> } };

/** aws-local-stepfunctions, in memory. */
export const awsLocalStepfunctions: Peer<MachineSubject> = {
  name: "aws-local-stepfunctions",
  open: async () => ({
    name: `aws-local-stepfunctions ${versionOf("aws-local-stepfunctions")} (in memory)`,
    note: "Library in the benchmark's process, its own defaults; tasks are overridden by a local function.",
    transport: "in-process",
    durability: "none: nothing is written down",
    deploy: async (_name, definition) => {
      const machine = new StateMachine(definition as unknown as StateMachineDefinition);
      return (input) => machine.run(input as Input, { overrides }).result;
    },
    close: async () => undefined,
  }),
};
