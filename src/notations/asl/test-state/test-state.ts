/**
 * TestState of the Step Functions API: executes one state once, with the interpreter's own code, and says what would come next.
 *
 * Invariants:
 * - Nothing is stored, and no retry is made: the answer says that there would be one.
 * - With a mock nothing outside is called.
 */
import type { ExecutionInput } from "../execution.ts";
import { Execution, isoTime } from "../interpreter/execution.ts";
import { Frame } from "../interpreter/frame.ts";
import type { Variables } from "../interpreter/frame.ts";
import { StateRun } from "../interpreter/state-run.ts";
import type { Json, JsonObject } from "../json.ts";
import { isObject } from "../json.ts";
import { answerOf } from "./answer.ts";
import { contextOf } from "./context.ts";
import { Inspection } from "./inspection.ts";
import { readJson } from "./json-text.ts";
import { checkMock } from "./mock.ts";
import { perform } from "./perform.ts";
import { invalid, TestStateError } from "./refusal.ts";
import { requestOf } from "./request.ts";
import type { TestRequest } from "./request.ts";
import { subjectOf } from "./subject.ts";
import type { Subject } from "./subject.ts";
import { testWorld } from "./world.ts";
import type { TestStateTools } from "./world.ts";

/**
 * Tests a state. `params` are the request's parameters, the answer its body.
 *
 * @throws TestStateError if the test cannot be made; a state that fails is an answer
 */
export async function testState(params: JsonObject, tools: TestStateTools): Promise<JsonObject> {
  const request = requestOf(params);
  const subject = subjectOf(request, tools.awsLimits);
  const result = checkMock(subject.state, request.mock);
  const input = inputOf(request.input);
  const inspection = new Inspection(subject.state);
  inspection.note("input", input);
  const { mock, stateConfiguration: configuration } = request;
  const world = testWorld(tools);
  const pretended = pretend(request.roleArn, tools);
  const entered = { stateName: subject.name, input, time: isoTime(world.now()) };
  const execution = new Execution({
    input: envelope(pretended, request, tools),
    world,
    runId: pretended.arn,
    startTime: world.now(),
    inspect: (key, value) => inspection.note(key, value),
    perform: (work) => perform(work, { mock, result, configuration, tools }),
    mockContext: contextFor(pretended, request, entered),
  });
  const frame = frameOf(execution, subject, variablesOf(request.variables));
  const run = new StateRun(frame, subject.name, { state: subject.state, input });
  return await answerOf(run, { inspection, level: request.inspectionLevel, configuration });
}

/** @throws TestStateError InvalidExecutionInput */
function inputOf(text: string): Json {
  const read = text.trim() === "" ? { problem: "Invalid execution input." } : readJson(text);
  if ("value" in read) return read.value;
  throw new TestStateError(
    "InvalidExecutionInput",
    `Invalid State Machine Execution Input: '${read.problem}'`,
  );
}

/** @throws TestStateError ValidationException */
function variablesOf(text: string | undefined): Variables {
  if (text === undefined) return {};
  const read = readJson(text);
  if ("value" in read && isObject(read.value)) return read.value;
  throw invalid("Variables must be a JSON object");
}

/** The Express execution that a test is made out to be; AWS makes up its names. */
interface Pretended {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly machineArn: string;
  readonly machineName: string;
}

function pretend(roleArn: string | undefined, { account, region, uuid }: TestStateTools): Pretended {
  const [machineName, name] = [uuid(), uuid()];
  const states = `arn:aws:states:${region}:${account}`;
  return {
    arn: `${states}:express:${machineName}:${name}`,
    name,
    roleArn: roleArn ?? `arn:aws:iam::${account}:role/TestState`,
    machineArn: `${states}:stateMachine:${machineName}`,
    machineName,
  };
}

/** The context object of an execution that has just begun with this state. */
function contextFor(pretended: Pretended, request: TestRequest, entered: Entered): JsonObject {
  const { arn, name, roleArn, machineArn, machineName } = pretended;
  const { stateName, input, time } = entered;
  const own = {
    Execution: { Id: arn, Input: input, Name: name, RoleArn: roleArn, StartTime: time },
    StateMachine: { Id: machineArn, Name: machineName },
    State: {
      Name: stateName,
      EnteredTime: time,
      RetryCount: request.stateConfiguration.retrierRetryCount ?? 0,
    },
  };
  return contextOf(own, request.context);
}

interface Entered {
  readonly stateName: string;
  readonly input: Json;
  readonly time: string;
}

function envelope(pretended: Pretended, request: TestRequest, tools: TestStateTools): ExecutionInput {
  const { arn, name, roleArn, machineArn, machineName } = pretended;
  const { account, region, awsLimits } = tools;
  return {
    definition: request.definition,
    input: request.input,
    execution: { arn, name, roleArn },
    machine: { arn: machineArn, name: machineName, type: "EXPRESS" },
    account,
    region,
    awsLimits,
  };
}

function frameOf(execution: Execution, { machine, language }: Subject, variables: Variables): Frame {
  // As in an execution that begins with the state.
  const last = execution.log.add("ExecutionStarted", 0);
  return new Frame({ execution, machine, language, variables, last, position: {} });
}
