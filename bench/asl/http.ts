/* The Step Functions API as a client in the benchmark's process uses it: `fetch`, JSON 1.0, no retries, no signature worth the name. */
import { BenchError } from "../driver/subject.ts";
import type { Execute } from "./compare.ts";
import type { Definition } from "./machines.ts";

// Servers that do not check it take the service's name from it.
const authorization =
  "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=0";

interface Done {
  readonly status: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** Creates an EXPRESS machine on the server at `url` and gives what runs it: StartSyncExecution, one request from start to output. */
export async function deployOver(url: string, name: string, definition: Definition): Promise<Execute> {
  const { stateMachineArn } = (await call(url, "CreateStateMachine", {
    name,
    type: "EXPRESS",
    roleArn: "arn:aws:iam::123456789012:role/bench",
    definition: JSON.stringify(definition),
  })) as { stateMachineArn: string };
  return async (input) => {
    const start = { stateMachineArn, input: JSON.stringify(input) };
    const { status, output, error, cause } = (await call(url, "StartSyncExecution", start)) as Done;
    if (status === "SUCCEEDED" && output !== undefined) return JSON.parse(output) as unknown;
    throw new BenchError(`${name}: ${status}: ${error}: ${cause}`);
  };
}

async function call(url: string, operation: string, params: object): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `AWSStepFunctions.${operation}`,
      authorization,
    },
    body: JSON.stringify(params),
  });
  const text = await response.text();
  if (!response.ok) throw new BenchError(`${operation} answered ${response.status}: ${text}`);
  return JSON.parse(text) as unknown;
}
