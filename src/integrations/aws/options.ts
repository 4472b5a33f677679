/** What a program gives the tasks of its state machines: functions of its own, and where services are. */
import type { Json } from "../../notations/asl/json.ts";

/** What a handler knows of the task that calls it. */
export interface HandlerContext {
  /** The Lambda function's name; undefined for other services. */
  readonly functionName?: string | undefined;
  /** The task's resource, without `.sync` and `.waitForTaskToken`. */
  readonly resource: string;
  readonly executionArn: string;
  readonly stateName: string;
  /** The same for every repeat of this call after a crash. Hand it to whatever has the effect. */
  readonly idempotencyKey: string;
  /** Of a `.waitForTaskToken` task. */
  readonly taskToken?: string | undefined;
  /** Aborted when the execution is stopped or the task's time is over. */
  readonly signal: AbortSignal;
}

/**
 * Answers a task. What it returns, or what its promise resolves to, is the task's result (as JSON); what it throws is
 * the task's failure: the error's `name` is what `Retry` and `Catch` compare.
 */
export type Handler = (input: Json, context: HandlerContext) => unknown;

/** What is sent along with HTTP tasks that name a connection; what Amazon EventBridge keeps on AWS. */
export interface HttpConnection {
  readonly headers?: Readonly<Record<string, string>>;
  readonly queryParameters?: Readonly<Record<string, string>>;
  /** Link-local addresses that tasks with this connection may reach. */
  readonly allowedAddresses?: readonly string[];
}

export interface ServiceOptions {
  /** By function name (`resize`, `resize:live`), by `SERVICE:action` (`sqs:sendMessage`, `aws-sdk:s3:getObject`), or by a whole resource. */
  readonly handlers?: Readonly<Record<string, Handler>> | undefined;
  /** A URL that answers `POST /2015-03-31/functions/NAME/invocations`. */
  readonly lambdaEndpoint?: string | undefined;
  /** A URL that speaks S3 with the bucket in the path. */
  readonly s3Endpoint?: string | undefined;
  /** URLs by service, as the resource names it: `{ sqs: "http://127.0.0.1:9324" }`. */
  readonly endpoints?: Readonly<Record<string, string>> | undefined;
  readonly region: string;
  /** 12 digits. */
  readonly account: string;
  /** Buckets named `file:FOLDER` are folders below `root`; without it there are none. */
  readonly files?: { readonly root: string } | undefined;
  /** Answers `aws-sdk:sfn:ACTION` with the Step Functions API of the caller: members in camelCase, both ways. */
  readonly sfn?: ((action: string, input: Json) => Promise<Json>) | undefined;
  /** By connection ARN or name. */
  readonly connections?: Readonly<Record<string, HttpConnection>> | undefined;
  /** Addresses that HTTP tasks may reach although they are link-local: `["169.254.1.1"]`. */
  readonly allowedAddresses?: readonly string[] | undefined;
}
