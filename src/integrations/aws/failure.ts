/**
 * How Step Functions words the failures of services. It calls the services of optimized integrations with version 1 of the AWS SDK for Java and those of
 * `aws-sdk:` with version 2, and error names and causes are theirs: `DynamoDB.ConditionalCheckFailedException`, "… (Service: AmazonDynamoDBv2; Status Code:
 * 400; Error Code: …; Request ID: …; Proxy: null)", against `DynamoDb.ConditionalCheckFailedException`, "… (Service: DynamoDb, Status Code: 400, Request ID: …)".
 */
import { StatesError } from "../../notations/asl/states-error.ts";

export interface FailureFacts {
  /** As the service says it: `NoSuchKey`. */
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly requestId: string;
  readonly extendedRequestId?: string | undefined;
  /** False: the SDK has no class for this code, and shows the service's base class. Default: true. */
  readonly known?: boolean | undefined;
}

/** A service's refusal, before it is worded. */
export class ServiceFailure extends Error {
  override readonly name: string = "ServiceFailure";
  readonly facts: FailureFacts;

  constructor(facts: FailureFacts) {
    super(facts.message);
    this.facts = facts;
  }
}

/** Prefix of the error, name of the service in the cause, base class. */
type Words = readonly [prefix: string, service: string, base: string];

const WORDS: ReadonlyMap<string, Words> = new Map<string, Words>([
  ["batch", ["Batch", "AWSBatch", "AWSBatchException"]],
  ["bedrock", ["Bedrock", "AmazonBedrockRuntime", "AmazonBedrockRuntimeException"]],
  ["dynamodb", ["DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException"]],
  ["ecs", ["ECS", "AmazonECS", "AmazonECSException"]],
  ["events", ["EventBridge", "AmazonEventBridge", "AmazonEventBridgeException"]],
  ["glue", ["Glue", "AWSGlue", "AWSGlueException"]],
  ["lambda", ["Lambda", "AWSLambda", "AWSLambdaException"]],
  ["s3", ["S3", "Amazon S3", "AmazonS3Exception"]],
  ["sns", ["SNS", "AmazonSNS", "AmazonSNSException"]],
  ["sqs", ["SQS", "AmazonSQS", "AmazonSQSException"]],
  ["states", ["StepFunctions", "AWSStepFunctions", "AWSStepFunctionsException"]],
]);

/** `NoSuchKey` → `NoSuchKeyException`; `AWS.SimpleQueueService.NonExistentQueue` keeps its last part. */
function className(code: string): string {
  const last = code.split(".").at(-1) ?? code;
  return last.endsWith("Exception") ? last : `${last}Exception`;
}

/** @param service As in the resource: `sqs`. */
export function optimizedFailure(service: string, facts: FailureFacts): StatesError {
  const [prefix, name, base] = WORDS.get(service) ?? [service, service, `${service}Exception`];
  return new StatesError(`${prefix}.${facts.known === false ? base : className(facts.code)}`, {
    cause: `${facts.message} (${versionOne(name, facts)})`,
  });
}

function versionOne(service: string, facts: FailureFacts): string {
  const extended =
    facts.extendedRequestId === undefined ? [] : [`S3 Extended Request ID: ${facts.extendedRequestId}`];
  return [
    `Service: ${service}`,
    `Status Code: ${facts.status}`,
    `Error Code: ${facts.code}`,
    `Request ID: ${facts.requestId}`,
    ...extended,
    "Proxy: null",
  ].join("; ");
}

/** @param service As the SDK for Java writes it: `S3`, `DynamoDb`, `Sfn`. */
export function sdkFailure(service: string, facts: FailureFacts): StatesError {
  const name = facts.known === false ? `${service}Exception` : className(facts.code);
  const parts = [`Service: ${service}`, `Status Code: ${facts.status}`, `Request ID: ${facts.requestId}`];
  if (facts.extendedRequestId !== undefined) parts.push(`Extended Request ID: ${facts.extendedRequestId}`);
  // Recorded with newer versions of the SDK, which say how often they tried.
  const attempts = service === "Sfn" ? " (SDK Attempt Count: 1)" : "";
  return new StatesError(`${service}.${name}`, {
    cause: `${facts.message} (${parts.join(", ")})${attempts}`,
  });
}

/** Nothing answers the task. Not to be caught or retried: it is the set-up that is incomplete. */
export function notProvided(cause: string): StatesError {
  return new StatesError("States.Runtime", { cause });
}

/** The connection itself failed: no answer to word. */
export function unreachable(error: string, what: string, reason: unknown): StatesError {
  const text = reason instanceof Error ? reason.message : String(reason);
  return new StatesError(error, { cause: `Unable to execute HTTP request to ${what}: ${text}` });
}
