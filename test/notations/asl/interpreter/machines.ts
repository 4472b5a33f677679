/** Helpers for tests of the interpreter: machines of one world with a clock that only the test moves. */
import type { AnyWorkflow, Client, RunHandle } from "daruma";
import { eventsQuery, stateMachine } from "daruma/asl";
import type { Handler, HistoryEvent, StateMachineOptions } from "daruma/asl";
import { World } from "../../../support/world.ts";
import type { Worker, WorkerOptions } from "../../../support/world.ts";

const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

/** A Task state that calls a handler. */
export function task(name: string, more: object = {}): object {
  return { Type: "Task", Resource: functionArn(name), End: true, ...more };
}

export function machine(
  definition: object,
  handlers: Readonly<Record<string, Handler>> = {},
  options: StateMachineOptions = {},
): AnyWorkflow {
  return stateMachine(definition, { name: "machine", handlers, ...options });
}

/** A machine of one state. */
export function only(state: object, handlers: Readonly<Record<string, Handler>> = {}): AnyWorkflow {
  return machine({ StartAt: "State", States: { State: state } }, handlers);
}

export async function eventsOf(run: RunHandle): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for (;;) {
    const page = await run.query(eventsQuery, { from: events.length + 1, count: 1000 });
    events.push(...page.events);
    if (events.length >= page.total) return events;
  }
}

export async function typesOf(run: RunHandle): Promise<string[]> {
  return (await eventsOf(run)).map(({ type }) => type);
}

export interface Opened {
  readonly world: World;
  readonly worker: Worker;
  readonly run: RunHandle;
}

/** Opens a world with the machine and starts it with the input. */
export async function begin(
  workflow: AnyWorkflow,
  input: unknown,
  options: WorkerOptions = {},
): Promise<Opened> {
  const world = new World();
  const worker = await world.open([workflow], options);
  const run = await startOn(worker, workflow, input);
  return { world, worker, run };
}

function startOn(client: Client, workflow: AnyWorkflow, input: unknown): Promise<RunHandle> {
  return client.start(workflow.name, { id: "one", input });
}

/** What the machine makes of the input. */
export async function output(workflow: AnyWorkflow, input: unknown): Promise<unknown> {
  const { world, run } = await begin(workflow, input);
  return await world.until(run.result());
}

/** What the machine fails with. */
export async function failure(
  workflow: AnyWorkflow,
  input: unknown,
): Promise<{ readonly error: string; readonly cause: string }> {
  const { world, run } = await begin(workflow, input);
  const { cause } = await world.failure(run.result());
  const { name, message } = cause as Error;
  return { error: name, cause: message };
}

/** An error with a name, as handlers throw them. */
export function named(name: string, message = ""): Error {
  return Object.assign(new Error(message), { name });
}
