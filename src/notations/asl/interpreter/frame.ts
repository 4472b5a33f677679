/**
 * One level of a running state machine: the machine itself, a branch of a Parallel state or an iteration of a Map state.
 *
 * Invariants:
 * - Variables of the level around are read; an assignment stays in its own level (AWS, "Scope of variables").
 * - `last` is the event that the next event of this level names as the one before it.
 */
import type { Json, JsonObject } from "../json.ts";
import type { Machine, QueryLanguage } from "../model.ts";
import type { Details } from "./event-log.ts";
import type { Execution } from "./execution.ts";
import type { Position } from "./position.ts";

export type Variables = { readonly [name: string]: Json };

export interface FrameOptions {
  readonly execution: Execution;
  readonly machine: Machine;
  readonly language: QueryLanguage;
  readonly variables: Variables;
  readonly last: number;
  /** `Map` of the context object, in an iteration. */
  readonly item?: JsonObject | undefined;
  readonly position: Position;
  /** The number of the event of the run's history that is being delivered; of the machine itself only. */
  readonly at?: (() => number) | undefined;
}

export class Frame {
  readonly execution: Execution;
  readonly machine: Machine;
  readonly language: QueryLanguage;
  readonly item: JsonObject | undefined;
  readonly position: Position;
  variables: Variables;
  last: number;
  readonly #at: (() => number) | undefined;
  #entered: number | undefined;

  constructor({ execution, machine, language, variables, last, item, position, at }: FrameOptions) {
    this.execution = execution;
    this.machine = machine;
    this.language = machine.QueryLanguage ?? language;
    this.variables = variables;
    this.last = last;
    this.item = item;
    this.position = position;
    this.#at = at;
  }

  /** A state of this level is entered. */
  enters(): void {
    this.#entered = this.#at?.();
  }

  /** Where the run's history is to be taken up again for the task that failed; undefined: inside of that state other work was done, too. */
  get retryAt(): number | undefined {
    const { state = "" } = this.position;
    return this.machine.States[state]?.Type === "Task" ? this.#entered : undefined;
  }

  /** Appends an event of this level. */
  log(type: string, details?: Details, key?: string): number {
    this.last = this.execution.log.add(type, this.last, details, key);
    return this.last;
  }

  assign(values: Variables): void {
    this.variables = { ...this.variables, ...values };
  }

  /** A level inside of this one. */
  inner(
    machine: Machine,
    options: { readonly last: number; readonly item?: JsonObject | undefined; readonly position: Position },
  ): Frame {
    const { execution, language, variables } = this;
    return new Frame({ execution, machine, language, variables, item: this.item, ...options });
  }
}
