/** The events of a task, which differ by what its Resource is. */
import type { Json, JsonObject } from "../json.ts";
import { textOf } from "../json.ts";
import type { StatesError } from "../states-error.ts";
import type { Resource } from "./resource.ts";
import { whole } from "./state-run.ts";
import type { StateRun } from "./state-run.ts";

/** In seconds; undefined: none. */
export interface TaskLimits {
  readonly timeout?: number | undefined;
  readonly heartbeat?: number | undefined;
}

export class TaskEvents {
  readonly #run: StateRun;
  readonly #resource: Resource;

  constructor(run: StateRun, resource: Resource) {
    this.#run = run;
    this.#resource = resource;
  }

  scheduled(input: Json, { timeout, heartbeat }: TaskLimits): void {
    const limits = {
      ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
      ...(heartbeat === undefined ? {} : { heartbeatInSeconds: heartbeat }),
    };
    const { kind } = this.#resource;
    if (kind === "service") {
      const { region } = this.#run.execution.input;
      this.#log("Scheduled", () => ({ parameters: textOf(input), region, ...limits }));
    } else {
      const { arn } = this.#resource;
      this.#log("Scheduled", () => ({ input: textOf(input), inputDetails: whole, resource: arn, ...limits }));
    }
  }

  started(workerName?: string): void {
    if (this.#resource.kind === "function") return void this.#run.frame.log("LambdaFunctionStarted");
    this.#log("Started", () => (workerName === undefined ? {} : { workerName }));
  }

  submitted(output: Json): void {
    this.#log("Submitted", () => ({ output: textOf(output), outputDetails: whole }));
  }

  succeeded(output: Json): void {
    this.#log("Succeeded", () => ({ output: textOf(output), outputDetails: whole }));
  }

  failed({ error, causeText }: StatesError): void {
    const timedOut = error === "States.Timeout" || error === "States.HeartbeatTimeout";
    const why = {
      ...(error === undefined ? {} : { error }),
      ...(causeText === undefined ? {} : { cause: causeText }),
    };
    this.#log(timedOut ? "TimedOut" : "Failed", () => why);
  }

  #log(what: string, details: () => JsonObject): void {
    const { frame } = this.#run;
    const resource = this.#resource;
    if (resource.kind === "function") frame.log(`LambdaFunction${what}`, details);
    else if (resource.kind === "activity") frame.log(`Activity${what}`, details);
    else
      frame.log(`Task${what}`, () => ({
        ...details(),
        resource: resource.action,
        resourceType: resource.type,
      }));
  }
}
