/**
 * A small interpreter for the tests of the API: Pass with a Result, Wait, Fail, and tasks of activities and with tokens. It says and answers what
 * `notations/asl/execution.ts` asks of an execution, and no more, so that these tests do not depend on the language.
 */
import { randomUUID } from "node:crypto";
import { ApplicationError } from "../../../src/core/errors.ts";
import {
  eventsQuery,
  type ExecutionInput,
  type HistoryEvent,
  mapRunsQuery,
  positionQuery,
  reportUpdate,
  type TaskReport,
  takeUpdate,
  workflowName,
} from "../../../src/notations/asl/execution.ts";
import type { Json, JsonObject } from "../../../src/notations/asl/json.ts";
import type { TaskHost } from "../../../src/notations/asl/task-host.ts";
import { activity } from "../../../src/workflow/activity.ts";
import { activityContext, runInfo } from "../../../src/workflow/run.ts";
import { cancelable, condition, sleep } from "../../../src/workflow/time.ts";
import { type AnyWorkflow, workflow } from "../../../src/workflow/workflow.ts";

interface State {
  readonly Type: string;
  readonly Result?: Json;
  readonly Seconds?: number;
  readonly Resource?: string;
  readonly Error?: string;
  readonly Cause?: string;
  readonly Next?: string;
}

/** The workflow `asl`, as far as these tests need it. */
export function standIn(host: Pick<TaskHost, "offer">): AnyWorkflow {
  const newToken = activity("token", (run: string) => btoa(JSON.stringify([run, randomUUID()])));
  const offer = activity("offer", (activityArn: string, taskToken: string) => {
    const context = { executionArn: "", stateMachineArn: "", stateName: "", account: "", region: "" };
    const { signal, idempotencyKey } = activityContext();
    return host.offer({ activityArn, taskToken, context }, { signal, idempotencyKey });
  });
  return workflow(workflowName, (input: ExecutionInput) => new Run(input, newToken, offer).run());
}

class Run {
  readonly #input: ExecutionInput;
  readonly #newToken: (run: string) => Promise<string>;
  readonly #offer: (activityArn: string, taskToken: string) => Promise<unknown>;
  readonly #events: HistoryEvent[] = [];
  readonly #reports: TaskReport[] = [];
  readonly #over = new Set<string>();
  #open: string | undefined;
  #taken: string | undefined;
  #position = "";

  constructor(
    input: ExecutionInput,
    newToken: (run: string) => Promise<string>,
    offer: (activityArn: string, taskToken: string) => Promise<unknown>,
  ) {
    this.#input = input;
    this.#newToken = newToken;
    this.#offer = offer;
  }

  async run(): Promise<string> {
    this.#answer();
    const { definition, input, resume } = this.#input;
    const { StartAt, States } = JSON.parse(definition) as { StartAt: string; States: Record<string, State> };
    this.#log(resume === undefined ? "ExecutionStarted" : "ExecutionRedriven", { input });
    let value = JSON.parse(input) as Json;
    for (let name = (resume?.position as string | undefined) ?? StartAt; name !== "";) {
      this.#position = name;
      const state = States[name] ?? { Type: "Fail" };
      this.#log(`${state.Type}StateEntered`, { name, input: JSON.stringify(value) });
      value = await this.#step(state, value);
      this.#log(`${state.Type}StateExited`, { name, output: JSON.stringify(value) });
      name = state.Next ?? "";
    }
    this.#log("ExecutionSucceeded", { output: JSON.stringify(value) });
    return JSON.stringify(value);
  }

  async #step(state: State, value: Json): Promise<Json> {
    if (state.Type === "Wait") await sleep((state.Seconds ?? 0) * 1000);
    if (state.Type === "Fail") throw this.#failure(state.Error, state.Cause);
    if (state.Type === "Task") return await this.#task(state.Resource ?? "");
    return state.Result ?? value;
  }

  async #task(resource: string): Promise<Json> {
    const token = await this.#newToken(runInfo().id);
    this.#open = token;
    const [offered, withdraw] = cancelable(() => this.#offer(resource, token));
    const withdrawn = offered.catch(() => undefined);
    await condition(() => this.#taken === token || this.#reports.length > 0);
    withdraw();
    await withdrawn;
    await condition(() => this.#reports.some(({ kind }) => kind !== "heartbeat"));
    this.#over.add(token);
    const report = this.#reports.find(({ kind }) => kind !== "heartbeat");
    if (report?.kind === "success") return JSON.parse(report.output) as Json;
    throw report?.kind === "failure" ? this.#failure(report.error, report.cause) : this.#failure("none");
  }

  #failure(error: string | undefined, cause?: string): ApplicationError {
    this.#log("ExecutionFailed", {
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
    });
    return new ApplicationError(cause ?? "", { type: error ?? "Error", details: { error, cause } });
  }

  #answer(): void {
    eventsQuery.handle(({ from, count, reverse = false }) => ({
      events: (reverse ? this.#events.toReversed() : this.#events).slice(from - 1, from - 1 + count),
      total: this.#events.length,
    }));
    mapRunsQuery.handle(() => []);
    positionQuery.handle(() => this.#position);
    const check = ({ taskToken }: { readonly taskToken: string }): void => {
      if (this.#open !== taskToken)
        throw new ApplicationError(this.#over.has(taskToken) ? "TaskTimedOut" : "TaskDoesNotExist");
    };
    reportUpdate.handle((report) => void this.#reports.push(report), {
      validate: (report) => {
        check(report);
        if (this.#over.has(report.taskToken)) throw new ApplicationError("TaskTimedOut");
      },
    });
    takeUpdate.handle(
      ({ taskToken }) => {
        this.#taken = taskToken;
        return { input: this.#input.input };
      },
      {
        validate: (take) => {
          check(take);
          if (this.#taken === take.taskToken) throw new ApplicationError("TaskTimedOut");
        },
      },
    );
  }

  #log(type: string, details: JsonObject): void {
    const id = (this.#input.resume?.events ?? 0) + this.#events.length + 1;
    const key = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
    const own = Object.keys(details).length === 0 ? {} : { [key]: details };
    this.#events.push({ id, previousEventId: id - 1, timestamp: Date.now(), type, ...own });
  }
}
