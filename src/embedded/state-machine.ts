/**
 * State machines as workflows of a program: a definition in the Amazon States Language beside functions that its tasks call.
 *
 * Invariant: the definition is code. Runs that are open when it changes go on if it still fits what they have done, and are parked if not (H3).
 */
import { DarumaError } from "../core/errors.ts";
import type { Handler, HttpConnection } from "../integrations/aws/options.ts";
import { checkDefinition } from "../notations/asl/check/check.ts";
import type { Diagnostic } from "../notations/asl/check/check.ts";
import type { ExecutionInput } from "../notations/asl/execution.ts";
import type { Kin } from "../notations/asl/interpreter/execution.ts";
import { durableWorld } from "../notations/asl/interpreter/durable-world.ts";
import { executionArn } from "../notations/asl/interpreter/tasks/execution.ts";
import type { Json } from "../notations/asl/json.ts";
import { execute } from "../notations/asl/workflow.ts";
import { runInfo } from "../workflow/run.ts";
import { workflow } from "../workflow/workflow.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { codeHost } from "./asl-host.ts";

export interface StateMachineOptions {
  /** The workflow's name, which histories record. Default: made from the definition, so that another definition is another workflow. */
  readonly name?: string | undefined;
  /** What tasks call: by function name, by `SERVICE:action`, or by a whole resource. */
  readonly handlers?: Readonly<Record<string, Handler>> | undefined;
  /** A URL that answers as AWS Lambda does. */
  readonly lambdaEndpoint?: string | undefined;
  /** A URL that answers as Amazon S3 does, with the bucket in the path. */
  readonly s3Endpoint?: string | undefined;
  /** Other services by name: `{ sqs: "http://127.0.0.1:9324" }`. */
  readonly endpoints?: Readonly<Record<string, string>> | undefined;
  /** What is sent along with HTTP tasks, by the ARN or the name of their connection. */
  readonly connections?: Readonly<Record<string, HttpConnection>> | undefined;
  /** Link-local addresses that HTTP tasks may reach all the same. Default: none. */
  readonly allowedAddresses?: readonly string[] | undefined;
  /** Where buckets named `file:FOLDER` are. Default: there are none. */
  readonly files?: { readonly root: string } | undefined;
  /** Default: `us-east-1`. */
  readonly region?: string | undefined;
  /** 12 digits. Default: `123456789012`. */
  readonly account?: string | undefined;
  /** Default true: AWS's limits hold (256 KiB of data between states, 25,000 events). */
  readonly awsLimits?: boolean | undefined;
}

/**
 * Defines a workflow by a state machine. `definition` is an object or its JSON text; the input of a run is the execution's input, its result the output.
 * A run that fails does so with an error whose `name` is the state machine's error and whose `message` is the cause.
 * @throws DarumaError DRM-INVALID-DEFINITION with every problem at its place
 */
export function stateMachine(
  definition: string | object,
  options: StateMachineOptions = {},
): Workflow<unknown, Json> {
  const text = typeof definition === "string" ? definition : JSON.stringify(definition);
  const { awsLimits = true } = options;
  const { machine, diagnostics } = checkDefinition(text, { awsLimits });
  const { name = `state-machine-${hashOf(text)}` } = options;
  if (machine === undefined) throw invalid(name, diagnostics);
  const { region = "us-east-1", account = "123456789012" } = options;
  const world = durableWorld(codeHost({ ...options, region, account }));
  const arn = `arn:aws:states:${region}:${account}:stateMachine:${name}`;
  const kin: Kin = { workflow: name, input: (child) => ({ [childKey]: child }) };
  const run = async (input: unknown): Promise<Json> => {
    const child = childIn(input);
    if (child !== undefined) return JSON.parse(await execute(world, child, kin)) as Json;
    const { id } = runInfo();
    const execution = {
      arn: executionArn(arn, id),
      name: id,
      roleArn: `arn:aws:iam::${account}:role/daruma`,
    };
    const given: ExecutionInput = {
      definition: text,
      input: JSON.stringify(input ?? {}),
      execution,
      machine: { arn, name, type: "STANDARD" },
      account,
      region,
      awsLimits,
    };
    return JSON.parse(await execute(world, given, kin)) as Json;
  };
  const { TimeoutSeconds } = machine;
  return workflow<unknown, Json>(
    name,
    run,
    TimeoutSeconds === undefined ? {} : { timeout: TimeoutSeconds * 1000 },
  );
}

/** What child executions of a Distributed Map are started with, in place of an input: they are runs of the same workflow. */
const childKey = "daruma:child-execution";

function childIn(input: unknown): ExecutionInput | undefined {
  if (typeof input !== "object" || input === null || !Object.hasOwn(input, childKey)) return undefined;
  return (input as { readonly [childKey]: ExecutionInput })[childKey];
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function invalid(name: string, diagnostics: readonly Diagnostic[]): DarumaError {
  const errors = diagnostics.filter(({ severity }) => severity === "ERROR");
  const lines = errors.map(
    ({ line, column, code, message, pointer }) =>
      `${line ?? 1}:${column ?? 1} ${code} ${message} (${pointer || "/"})`,
  );
  return new DarumaError("DRM-INVALID-DEFINITION", {
    message: `The state machine ${name} cannot be used:\n  ${lines.join("\n  ")}`,
    subject: name,
  });
}
