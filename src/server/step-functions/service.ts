/** What the operations of the Step Functions API work with. Everything from outside comes in here. */
import type { Client } from "../../client/client.ts";
import type { ExecutionInput } from "../../notations/asl/execution.ts";
import type { JsonObject } from "../../notations/asl/json.ts";
import type { ActivityStore } from "./activity-store.ts";
import type { Home } from "./arn.ts";
import type { ActivityBroker } from "./broker.ts";
import type { Executions } from "./executions.ts";
import type { MachineStore } from "./machine-store.ts";
import type { Params } from "./params.ts";

export interface Service {
  readonly client: Client;
  readonly home: Home;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** At least 0, less than 1: which version an alias leads to. */
  readonly random: () => number;
  /** A UUID. */
  readonly unique: () => string;
  /** False: AWS's limits of size do not hold. */
  readonly awsLimits: boolean;
  readonly machines: MachineStore;
  readonly activities: ActivityStore;
  readonly executions: Executions;
  readonly broker: ActivityBroker;
  /** TestState, with its parameters as they came. @throws TestStateError */
  readonly testState: (params: JsonObject) => Promise<object>;
  /** Starts a run of an execution, and sees to it that its log is written. @throws what `start` throws */
  readonly launch: (runId: string, input: ExecutionInput, start: () => Promise<void>) => Promise<void>;
}

export type MachineType = "STANDARD" | "EXPRESS";

/** Facts about one request. */
export interface Call {
  /** Aborted when the client has gone away. */
  readonly signal: AbortSignal;
}

/** One operation: the answer's body. @throws ApiError */
export type Operation = (service: Service, params: Params, call: Call) => Promise<object>;

export type Operations = Readonly<Record<string, Operation>>;

/** Epoch milliseconds as the protocol has dates: seconds. */
export function seconds(ms: number): number;
export function seconds(ms: number | undefined): number | undefined;
export function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
