/** The state machine on Daruma's test kit: virtual time, crashes, and an application whose clock is the kit's. */
import { TestDaruma } from "daruma/testing";
import { activityContext } from "daruma";
import type { RunHandle, Workflow } from "daruma";
import { eventsQuery } from "daruma/asl";
import type { HistoryEvent, Json } from "daruma/asl";
import { onTestFinished } from "vitest";
import { createHandlers } from "../../../examples/task-generation/handlers/all.ts";
import { taskGeneration } from "../../../examples/task-generation/machine.ts";
import type { Generator } from "../../../examples/task-generation/generation/generator.ts";
import { ruleBased } from "../../../examples/task-generation/generation/rule-based.ts";
import type { WorkflowInput } from "../../../examples/task-generation/types.ts";
import { startedAt, testApplication } from "./app.ts";
import type { TestApplication } from "./app.ts";

export interface TestEngine {
  readonly app: TestApplication;
  readonly daruma: TestDaruma;
  readonly workflow: Workflow<unknown, Json>;
  start(id: string, input: WorkflowInput): Promise<RunHandle<Json>>;
}

/** `change` may put something of its own in place of a part of the application. */
export async function testEngine(
  generator: Generator = ruleBased,
  change: (app: TestApplication) => TestApplication = (app) => app,
): Promise<TestEngine> {
  const app = change(await testApplication({ generator }));
  const workflow = taskGeneration(createHandlers(async () => app));
  const daruma = await TestDaruma.open({ workflows: [workflow], startTime: startedAt });
  onTestFinished(() => daruma.close());
  app.time.now = daruma.clock.now;
  const start = (id: string, input: WorkflowInput): Promise<RunHandle<Json>> =>
    daruma.start(workflow, { id, input });
  return { app, daruma, workflow, start };
}

/** A generator that does as it is told for the attempt at an action, and else keeps to the rules. */
export function generatorThat(act: (actionId: string, attempt: number) => unknown): Generator {
  return {
    name: "test",
    note: "",
    generate: async (request) => {
      await act(request.action.id, request.attempt);
      return ruleBased.generate(request);
    },
  };
}

/** Hangs for longer than anybody waits; the clock of the test may go on meanwhile. */
export function hang(): Promise<void> {
  return activityContext().sleep("100d");
}

/** All events of the execution as AWS would list them. */
export async function eventsOf(run: RunHandle<Json>): Promise<readonly HistoryEvent[]> {
  const { events } = await run.query(eventsQuery, { from: 1, count: 25_000 });
  return events;
}

/** The error and the cause with which an execution failed. */
export async function failureOf(
  run: RunHandle<Json>,
): Promise<{ readonly name: string; readonly message: string }> {
  const ended = await run.result().then(
    (output) => ({ cause: new TypeError(`it did not fail: ${JSON.stringify(output)}`) }),
    (error: unknown) => error as { cause: Error },
  );
  const { name, message } = ended.cause;
  return { name, message };
}
