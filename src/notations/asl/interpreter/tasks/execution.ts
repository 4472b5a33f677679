/** `states:startExecution` in its four patterns: another execution, as a run of its own. */
import type { ExecutionInput } from "../../execution.ts";
import type { Json, JsonObject } from "../../json.ts";
import { deepestValue, isObject, isTooDeep, textOf } from "../../json.ts";
import { StatesError } from "../../states-error.ts";
import type { ResolvedMachine } from "../../task-host.ts";
import type { Resource } from "../resource.ts";
import type { Attempt } from "../states/task.ts";
import type { Ending, StartedRun } from "../world.ts";
import { compileMachine } from "../../check/compile.ts";
import { hop, msOf, noted } from "./call.ts";
import { withLimit } from "./limit.ts";
import { tokenOutcome } from "./token.ts";

type Service = Extract<Resource, { readonly kind: "service" }>;

export async function callExecution(attempt: Attempt<Service>): Promise<Json> {
  const { input, limits, events, resource, run } = attempt;
  const { world } = run.execution;
  events.scheduled(input, limits);
  const [report, drop] = resource.pattern === "token" ? world.cancelable(() => tokenOutcome(attempt)) : [];
  report?.catch(() => {});
  await hop();
  events.started();
  return await noted(attempt, async () => {
    const output = await beginAndAnswer(attempt, report).finally(drop);
    run.checkSize(output, resource.type);
    events.succeeded(output);
    return output;
  });
}

async function beginAndAnswer(attempt: Attempt<Service>, report: Promise<Json> | undefined): Promise<Json> {
  const { input, run } = attempt;
  const begun = await begin(attempt, isObject(input) ? input : {});
  return await answer(attempt, begun, { report, now: run.execution.world.now() });
}

interface Begun {
  readonly started: StartedRun;
  readonly machine: ResolvedMachine;
  readonly name: string;
  readonly input: string;
  readonly at: number;
}

async function begin({ run, resource }: Attempt<Service>, parameters: JsonObject): Promise<Begun> {
  const { world, input } = run.execution;
  const { StateMachineArn: arn, Name: asked } = parameters;
  if (typeof arn !== "string") throw invalid("The field 'StateMachineArn' is required but was missing");
  const given = typeof asked === "string" ? asked : undefined;
  const machine = await world.resolve(arn, given);
  const name = given ?? machine.executionName ?? world.uuid();
  const text = inputText(parameters["Input"]);
  const detached = resource.pattern === "request-response" || resource.pattern === "token";
  const id = executionArn(machine.arn, name);
  const { TimeoutSeconds } = compileMachine(machine.definition);
  const started = world.start({
    workflow: machine.workflow ?? "asl",
    input:
      machine.workflow === undefined
        ? envelope(machine, { id, name, text, from: input })
        : (JSON.parse(text) as Json),
    id,
    detached,
    timeoutMs: msOf(TimeoutSeconds),
  });
  return { started, machine, name, input: text, at: world.now() };
}

/** The `Input` may be a value or its text. */
function inputText(input: Json | undefined): string {
  if (input === undefined || input === null) return "{}";
  if (typeof input !== "string" || !isJson(input)) return textOf(input);
  if (isTooDeep(JSON.parse(input) as Json))
    throw invalid(`The field 'Input' is more than ${deepestValue} levels deep`);
  return input;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function invalid(cause: string): StatesError {
  return new StatesError("States.Runtime", { cause, inState: true });
}

/** `…:stateMachine:NAME` → `…:execution:NAME:EXECUTION`. */
export function executionArn(machineArn: string, name: string): string {
  const parts = machineArn.split(":");
  return [...parts.slice(0, 5), "execution", parts[6] ?? machineArn, name].join(":");
}

function envelope(
  machine: ResolvedMachine,
  {
    id,
    name,
    text,
    from,
  }: { readonly id: string; readonly name: string; readonly text: string; readonly from: ExecutionInput },
): ExecutionInput {
  const { account, region, awsLimits } = from;
  const { definition, arn, type, versionArn, aliasArn, revisionId, roleArn } = machine;
  return {
    definition,
    input: text,
    execution: { arn: id, name, roleArn },
    machine: { arn, name: machine.name, type, versionArn, aliasArn, revisionId },
    account,
    region,
    awsLimits,
  };
}

interface Waiting {
  readonly report: Promise<Json> | undefined;
  readonly now: number;
}

async function answer(attempt: Attempt<Service>, begun: Begun, { report, now }: Waiting): Promise<Json> {
  const { events, resource, run } = attempt;
  const acknowledged = acknowledgement(run.execution.world.uuid(), begun);
  if (resource.pattern === "request-response") return acknowledged;
  events.submitted(acknowledged);
  run.execution.waits.given(run.entered);
  if (report !== undefined) return await report;
  const ending = await withLimit(attempt, begun.started, now);
  const described = description(begun, ending, {
    parsed: resource.pattern === "sync:2",
    now: run.execution.world.now(),
  });
  if (ending.status === "SUCCEEDED") return described;
  throw new StatesError("States.TaskFailed", { cause: textOf(described) });
}

/** What StartExecution answers, as the service integration shows it. */
function acknowledgement(requestId: string, { started, at }: Begun): Json {
  const length = String(textOf({ executionArn: started.id, startDate: at / 1000 }).length);
  const type = "application/x-amz-json-1.0";
  const date = new Date(at).toUTCString();
  return {
    ExecutionArn: started.id,
    SdkHttpMetadata: {
      AllHttpHeaders: {
        "x-amzn-RequestId": [requestId],
        connection: ["keep-alive"],
        "Content-Length": [length],
        Date: [date],
        "Content-Type": [type],
      },
      HttpHeaders: {
        connection: "keep-alive",
        "Content-Length": length,
        "Content-Type": type,
        Date: date,
        "x-amzn-RequestId": requestId,
      },
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
    StartDate: at,
  };
}

/** What DescribeExecution says at the end; `.sync:2` has values where `.sync` has their texts. */
function description(
  { started, machine, name, input, at }: Begun,
  ending: Ending,
  { parsed, now }: { readonly parsed: boolean; readonly now: number },
): Json {
  const shown = (text: string): Json => (parsed ? (JSON.parse(text) as Json) : text);
  const end =
    ending.status === "SUCCEEDED"
      ? { Output: shown(ending.output), OutputDetails: { Included: true } }
      : {
          ...(ending.error === undefined ? {} : { Error: ending.error }),
          ...(ending.cause === undefined ? {} : { Cause: ending.cause }),
        };
  return {
    ExecutionArn: started.id,
    Input: shown(input),
    InputDetails: { Included: true },
    Name: name,
    ...end,
    ...(parsed ? redriveFields(ending) : {}),
    StartDate: at,
    StateMachineArn: machine.arn,
    Status: ending.status,
    StopDate: now,
  };
}

function redriveFields({ status }: Ending): JsonObject {
  if (status !== "SUCCEEDED") return { RedriveCount: 0, RedriveStatus: "REDRIVABLE" };
  return {
    RedriveCount: 0,
    RedriveStatus: "NOT_REDRIVABLE",
    RedriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
  };
}
