/**
 * One state being executed: its input, its context object, the fields that it evaluates, its events.
 *
 * Invariants:
 * - Fields of one evaluation see the variables from before the state: `Assign` takes effect when the state is left.
 * - Errors of the language get the state's name in front, once, here.
 */
import { fillJsonata } from "../jsonata/template.ts";
import type { Json, JsonObject } from "../json.ts";
import { deepestValue, textOf } from "../json.ts";
import type { QueryLanguage, State } from "../model.ts";
import { fillTemplate } from "../path/template.ts";
import { valueAt } from "../path/fields.ts";
import type { PathRoots } from "../path/path.ts";
import { StatesError } from "../states-error.ts";
import type { Execution } from "./execution.ts";
import { isoTime } from "./execution.ts";
import type { Frame, Variables } from "./frame.ts";
import { excessOf } from "./measure.ts";

export interface Outcome {
  readonly output: Json;
  /** Undefined: the machine is at its end. */
  readonly next: string | undefined;
  readonly assigned?: Variables | undefined;
}

/** Runs a branch or an iteration to its output. */
export type RunLevel = (frame: Frame, input: Json) => Promise<Json>;

/** What `$states.result` and `$states.errorOutput` are. */
export interface Extra {
  readonly result?: Json;
  readonly errorOutput?: Json;
}

export class StateRun<S extends State = State> {
  readonly frame: Frame;
  readonly name: string;
  readonly state: S;
  /** As the state before left it. */
  readonly input: Json;
  readonly language: QueryLanguage;
  readonly retries: Map<number, number> = new Map();
  retryCount = 0;
  taskToken: string | undefined;
  entered = 0;
  /** `Map` of the context object, while an item of this state's own is looked at. */
  item: JsonObject | undefined;
  readonly #enteredTime: number;
  #before = 0;

  constructor(frame: Frame, name: string, { state, input }: { readonly state: S; readonly input: Json }) {
    this.frame = frame;
    this.name = name;
    this.state = state;
    this.input = input;
    this.language = state.QueryLanguage ?? frame.language;
    this.item = frame.item;
    this.#enteredTime = frame.execution.world.now();
  }

  get execution(): Execution {
    return this.frame.execution;
  }

  get isJsonata(): boolean {
    return this.language === "JSONata";
  }

  enter(): void {
    const { frame, name, input } = this;
    this.#before = frame.last;
    frame.enters();
    const details = (): JsonObject => ({ name, input: textOf(input), inputDetails: whole });
    this.entered = frame.log(`${this.state.Type}StateEntered`, details, "stateEnteredEventDetails");
    frame.position.state = name;
    frame.position.input = input;
    frame.position.variables = frame.variables;
  }

  /** Its attempts count from the beginning. */
  forgetRetries(): void {
    this.retries.clear();
    this.retryCount = 0;
  }

  exit({ output, assigned }: Outcome): void {
    const { frame, name, state } = this;
    this.checkSize(output, name);
    // All of one Assign together (AWS, "Passing data between states with variables", limits).
    if (assigned !== undefined) this.checkSize(assigned, name);
    const details = (): JsonObject => ({
      name,
      output: textOf(output),
      outputDetails: whole,
      ...variablesOf(assigned),
    });
    frame.log(`${state.Type}StateExited`, details, "stateExitedEventDetails");
    if (assigned !== undefined) frame.assign(assigned);
  }

  /** @throws StatesError States.DataLimitExceeded */
  checkSize(value: Json, name: string): void {
    // What only is passed on has been measured before.
    if (value === this.input) return;
    const excess = excessOf(value, this.execution.dataLimit);
    if (excess === undefined) return;
    const what =
      excess === "deep"
        ? `that is more than ${deepestValue} levels deep.`
        : "with a size exceeding the maximum number of bytes service limit.";
    throw new StatesError("States.DataLimitExceeded", {
      cause: `The state/task '${name}' returned a result ${what}`,
    });
  }

  /** In the middle of a state there is no limit of AWS's, but one there is. @throws StatesError States.DataLimitExceeded */
  #bounded(value: Json, field: string): Json {
    const excess = excessOf(value, Infinity);
    if (excess === undefined) return value;
    const what = excess === "deep" ? `more than ${deepestValue} levels deep` : "too large";
    throw new StatesError("States.DataLimitExceeded", {
      cause: `The value of the field '${field}' of the state '${this.name}' is ${what}.`,
    });
  }

  /** The context object (AWS, "Accessing execution data from the Context object"). */
  context(): JsonObject {
    const { item } = this;
    const { execution } = this.frame;
    const counts = this.state.Type === "Task" || this.retryCount > 0 ? { RetryCount: this.retryCount } : {};
    return {
      ...execution.context,
      State: { Name: this.name, EnteredTime: isoTime(this.#enteredTime), ...counts },
      ...(item === undefined ? {} : { Map: item }),
      ...(this.taskToken === undefined ? {} : { Task: { Token: this.taskToken } }),
      ...execution.mockContext,
    };
  }

  /** What paths begin at. The context object is made when a path asks for it. */
  roots(input: Json): PathRoots {
    const { variables } = this.frame;
    const context = (): JsonObject => this.context();
    return {
      input,
      variables,
      get context() {
        return context();
      },
    };
  }

  inspect(key: string, value: Json): void {
    this.execution.inspect?.(key, value);
  }

  /** The input after InputPath; with JSONata the input itself. */
  effectiveInput(): Json {
    if (this.isJsonata) return this.input;
    const { InputPath } = this.state;
    const value = InputPath === null ? {} : this.at(InputPath ?? "$", "InputPath", this.input);
    this.inspect("afterInputPath", value);
    return value;
  }

  /** The value at a path. `field` is what errors call it. */
  at(path: string, field: string, input: Json): Json {
    if (path === "$") return input;
    const value = valueAt(path, field, this.roots(input));
    // What many places were collected in is larger than what it was collected from.
    return Array.isArray(value) ? this.#bounded(value, field) : value;
  }

  /** A payload template of JSONPath. */
  fill(template: Json, field: string, input: Json): Json {
    const { world } = this.execution;
    const ports = { random: () => world.random(), uuid: () => world.uuid() };
    return this.#bounded(fillTemplate(template, this.roots(input), { field, ports }), field);
  }

  /** A field of JSONata. */
  async evaluate(template: Json, field: string, extra: Extra = {}): Promise<Json> {
    const { world } = this.execution;
    const states = { input: this.input, context: this.context(), ...extra };
    const ports = {
      evaluate: world.evaluate.bind(world),
      seed: () => world.uuid(),
      now: () => world.now(),
    };
    const roots = { states, variables: this.frame.variables };
    return this.#bounded(await fillJsonata(template, roots, { field, ports }), field);
  }

  /** `Assign`, for either language. `input` is what `$` means in JSONPath. */
  async assigned(
    template: JsonObject | undefined,
    input: Json,
    extra: Extra = {},
  ): Promise<Variables | undefined> {
    if (template === undefined) return undefined;
    const values = this.isJsonata
      ? await this.evaluate(template, "Assign", extra)
      : this.fill(template, "Assign", input);
    return values as Variables;
  }

  /** Any failure as the error that Retry, Catch and the history get; its event, if it was an expression's. */
  failed(error: unknown): StatesError {
    if (!(error instanceof StatesError)) throw error;
    if (!error.inState) return error;
    const cause = `An error occurred while executing the state '${this.name}' (entered at the event id #${this.entered}). ${error.causeText ?? ""}`;
    const { location, entered } = error;
    const named = new StatesError(error.error, { cause, location, entered });
    if (location !== undefined) this.#evaluationFailed(named);
    return named;
  }

  #evaluationFailed({ error = "", causeText = "", location = "", entered }: StatesError): void {
    const { frame, name } = this;
    const where = location === "" ? {} : { location };
    const details = { cause: causeText, error, ...where, state: name };
    frame.last = frame.execution.log.add("EvaluationFailed", entered ? this.entered : this.#before, details);
  }
}

/** Nothing is ever cut off here. */
export const whole: JsonObject = { truncated: false };

function variablesOf(assigned: Variables | undefined): JsonObject {
  if (assigned === undefined || Object.keys(assigned).length === 0) return {};
  return { assignedVariables: textsOf(assigned), assignedVariablesDetails: whole };
}

function textsOf(values: Variables): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]));
}
