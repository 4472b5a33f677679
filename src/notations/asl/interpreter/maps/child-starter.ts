/** Starts the child executions of a map run, and the redrives of those that ended unsuccessfully before. */
import type { ChildPlace, ExecutionInput, Resume } from "../../execution.ts";
import type { ChildBefore } from "../../task-host.ts";
import type { Execution } from "../execution.ts";
import type { MapRun } from "../map-runs.ts";
import type { Ending } from "../world.ts";

export interface ChildStarterOptions {
  readonly mapRun: MapRun;
  /** JSON text of the processor. */
  readonly definition: string;
  /** Of each child. */
  readonly timeoutMs: number | undefined;
}

export class ChildStarter {
  readonly #execution: Execution;
  readonly #options: ChildStarterOptions;
  readonly #family: string;

  constructor(execution: Execution, options: ChildStarterOptions) {
    this.#execution = execution;
    this.#options = options;
    this.#family = execution.world.uuid();
  }

  /**
   * Names are UUIDs that grow with the index, so that the children of a map run lie side by side in the store's indexes: random ones cost a page each.
   */
  place(index: number): ChildPlace {
    const name = `${index.toString(16).padStart(8, "0")}${this.#family.slice(8)}`;
    const { stateMachineArn } = this.#options.mapRun;
    const arn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    return { arn, name, startDate: this.#execution.world.now() };
  }

  start(input: string, place: ChildPlace, resume: ChildBefore["resume"]): Promise<Ending> {
    const { world, kin } = this.#execution;
    const started = world.start({
      workflow: kin.workflow,
      input: kin.input(this.#input(input, place, resume)),
      id: resume === undefined ? place.arn : `${place.arn}#${resume.number}`,
      detached: false,
      timeoutMs: this.#options.timeoutMs,
    });
    return started.ending();
  }

  #input(input: string, { arn, name }: ChildPlace, known: ChildBefore["resume"]): ExecutionInput {
    const { mapRun, definition } = this.#options;
    const { machine, execution: own, redriveToken: _, ...rest } = this.#execution.input;
    const { number, ...resume } = known ?? {};
    return {
      ...rest,
      definition,
      input,
      execution: { arn, name, roleArn: own.roleArn, redriveCount: number },
      machine: { ...machine, arn: mapRun.stateMachineArn },
      mapRunArn: mapRun.arn,
      parentArn: mapRun.executionArn,
      resume: known === undefined ? undefined : (resume as Resume),
    };
  }
}
