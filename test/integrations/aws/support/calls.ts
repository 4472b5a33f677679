// What an interpreter would say to a service host, and what it would hear.
import { afterEach, beforeEach, vi } from "vitest";
import { createServiceHost, type ServiceHost } from "../../../../src/integrations/aws/host.ts";
import type { ServiceOptions } from "../../../../src/integrations/aws/options.ts";
import type { Json, JsonObject } from "../../../../src/notations/asl/json.ts";
import { StatesError } from "../../../../src/notations/asl/states-error.ts";
import type { CallContext, CallOptions, TaskCall } from "../../../../src/notations/asl/task-host.ts";

export const context: CallContext = {
  executionArn: "arn:aws:states:eu-west-1:123456789012:execution:machine:run",
  stateMachineArn: "arn:aws:states:eu-west-1:123456789012:stateMachine:machine",
  stateName: "Work",
  account: "123456789012",
  region: "eu-west-1",
};

const CREDENTIALS = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

const open: { close(): Promise<void> }[] = [];

// Whoever runs the tests may have credentials for AWS; these tests must not find them.
beforeEach(() => {
  for (const name of CREDENTIALS) vi.stubEnv(name, "");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** Closed after the test. */
export function closing<T extends { close(): Promise<void> }>(one: T): T {
  open.push(one);
  return one;
}

export function host(options: Partial<ServiceOptions> = {}): ServiceHost {
  return closing(createServiceHost({ region: "eu-west-1", account: "123456789012", ...options }));
}

export function callOptions(signal: AbortSignal = new AbortController().signal): CallOptions {
  return { signal, idempotencyKey: "key-1" };
}

export function invoke(services: ServiceHost, resource: string, input: Json): Promise<Json> {
  const call: TaskCall = { resource, input, context };
  return services.invoke(call, callOptions());
}

/** The failure of a call that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<{ error: string; cause: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof StatesError) return { error: error.error ?? "", cause: error.causeText ?? "" };
    throw error;
  }
  return { error: "none", cause: "" };
}

export interface Reading {
  readonly config?: JsonObject;
  readonly parameters: JsonObject;
  readonly resource?: string;
  readonly maxItems?: number;
}

/** All items, and how many pages they came in. */
export async function readAllItems(
  services: ServiceHost,
  { config = {}, parameters, resource = "arn:aws:states:::s3:getObject", maxItems }: Reading,
): Promise<{ items: Json[]; pages: number }> {
  const items: Json[] = [];
  let pages = 0;
  for (let cursor: string | undefined; ;) {
    const page = await services.readItems(
      { resource, parameters, config, maxItems, cursor, context },
      callOptions(),
    );
    for (const item of page.items) items.push(item);
    pages += 1;
    ({ cursor } = page);
    if (cursor === undefined) return { items, pages };
  }
}
