/** One execution: what all its levels share. */
import { workflowName } from "../execution.ts";
import type { ExecutionInput } from "../execution.ts";
import type { Json, JsonObject } from "../json.ts";
import { EventLog } from "./event-log.ts";
import { MapRuns } from "./map-runs.ts";
import { Tokens } from "./tokens.ts";
import type { StateRun } from "./state-run.ts";
import { Waits } from "./waits.ts";
import type { World } from "./world.ts";

/** What TestState wants to see: values on the way through a state. */
export type Inspector = (key: string, value: Json) => void;

/** Work that TestState does in place of the world: what a Task calls, or what is inside of a Map or Parallel state. */
export interface Work {
  readonly run: StateRun;
  /** What the call gets; for a Map state its input after InputPath. */
  readonly input: Json;
  readonly timeoutSeconds?: number | undefined;
}

/** How child executions of a Distributed Map are started. */
export interface Kin {
  /** The workflow whose runs they are. */
  readonly workflow: string;
  /** What such a run is started with. */
  input(child: ExecutionInput): unknown;
}

const ofTheInterpreter: Kin = { workflow: workflowName, input: (child) => child };

export interface ExecutionOptions {
  readonly input: ExecutionInput;
  readonly world: World;
  /** The run's id, which tokens name. */
  readonly runId: string;
  readonly startTime: number;
  /** The number of the event of the run's history that is being delivered. */
  readonly at?: (() => number) | undefined;
  /** Default: runs of the interpreter's own workflow. */
  readonly kin?: Kin | undefined;
  readonly inspect?: Inspector | undefined;
  readonly perform?: ((work: Work) => Promise<Json>) | undefined;
  /** Parts of the context object that stand in place of the execution's own. */
  readonly mockContext?: JsonObject | undefined;
}

export class Execution {
  readonly input: ExecutionInput;
  readonly world: World;
  readonly log: EventLog;
  readonly tokens: Tokens;
  readonly waits: Waits;
  readonly mapRuns: MapRuns = new MapRuns();
  readonly kin: Kin;
  readonly inspect: Inspector | undefined;
  readonly perform: ((work: Work) => Promise<Json>) | undefined;
  readonly mockContext: JsonObject | undefined;
  readonly #startTime: number;
  #context: JsonObject | undefined;
  #states = 0;

  constructor(options: ExecutionOptions) {
    const { input, world, runId, at = () => 0 } = options;
    this.input = input;
    this.world = world;
    this.kin = options.kin ?? ofTheInterpreter;
    this.inspect = options.inspect;
    this.perform = options.perform;
    this.mockContext = options.mockContext;
    this.log = new EventLog(() => world.now(), { limited: input.awsLimits, before: input.resume?.events });
    this.tokens = new Tokens(runId, world);
    this.waits = new Waits(at);
    this.#startTime = options.startTime;
  }

  /** The parts of the context object that stay. Made when something asks for it. */
  get context(): JsonObject {
    return (this.#context ??= this.#makeContext());
  }

  #makeContext(): JsonObject {
    const { input } = this;
    const { arn, name, roleArn, redriveCount = 0 } = input.execution;
    return {
      Execution: {
        Id: arn,
        Input: JSON.parse(input.input) as Json,
        StartTime: isoTime(this.#startTime),
        Name: name,
        RoleArn: roleArn,
        RedriveCount: redriveCount,
      },
      StateMachine: { Id: input.machine.arn, Name: input.machine.name },
    };
  }

  /** How many bytes of data a state may pass on; Infinity without AWS's limits. */
  get dataLimit(): number {
    return this.input.awsLimits ? 262_144 : Infinity;
  }

  /** Counts states, and gives others a turn now and then. */
  async breathe(): Promise<void> {
    this.#states++;
    if (this.#states % 1000 === 0) await this.world.pause();
  }
}

/** A time as AWS writes it: milliseconds, UTC. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}
