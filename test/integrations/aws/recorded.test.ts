// What AWS answered, as recorded beside the project: shapes and words of results and failures.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/notations/asl/json.ts";
import { closing, failureOf, host, invoke } from "./support/calls.ts";
import { serve, serveObjects } from "./support/servers.ts";

const FILE = resolve(import.meta.dirname, "../../../../shared/asl/cases.json");
const here = existsSync(FILE);
if (!here) {
  console.warn(`No recordings at ${FILE}: the tests against them do not run.`);
}

interface Details {
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

/** The details of one kind in the recordings whose name has this in it. */
function recorded(name: string, kind: string): Details {
  const { cases } = JSON.parse(readFileSync(FILE, "utf8")) as { cases: { name: string; expected: object }[] };
  const one = cases.find((each) => each.name.includes(name));
  const found: Details[] = [];
  JSON.stringify(one?.expected, (key, value: unknown) => {
    if (key === kind) found.push(value as Details);
    return value;
  });
  return found[0] ?? {};
}

/** Names of members, all the way down. */
function membersOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, member]) => membersOf(member, `${path}/${key}`));
}

/** Placeholders of the recording stand for anything. */
function asPattern(text = ""): RegExp {
  const parts = text
    .split(/<[^>]+>|111111111111/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".+")}$`);
}

describe.runIf(here || process.env["CI"] === "true")("as recorded", () => {
  it("lambda:invoke has these members, with a log and without", async () => {
    const server = closing(
      await serve((request, response) => {
        const log = request.headers["x-amz-log-type"] === "Tail" ? { "x-amz-log-result": "bG9n" } : {};
        response.writeHead(200, { "x-amz-executed-version": "$LATEST", ...log }).end(request.body || "{}");
      }),
    );
    const services = host({ lambdaEndpoint: server.url });
    const call = (input: Json): Promise<Json> => invoke(services, "arn:aws:states:::lambda:invoke", input);
    const plain = await call({ FunctionName: "f", Payload: '"HelloWorld"' });
    const expected = recorded(
      "test_lambda_task_service.py::TestTaskServiceLambda::test_invoke_json_values[HelloWorld]",
      "taskSucceededEventDetails",
    );
    expect(membersOf(plain)).toEqual(membersOf(expected.output));
    const logged = await call({ FunctionName: "f", Payload: null, LogType: "Tail" });
    const withLog = recorded("test_invoke_unsupported_param", "taskSucceededEventDetails");
    expect(membersOf(logged).toSorted()).toEqual(membersOf(withLog.output).toSorted());
    expect(logged).toMatchObject({ Payload: {} });
  });

  it("a function that is not there is missed in these words", async () => {
    const server = closing(
      await serve((_, response) =>
        response.writeHead(404, { "x-amzn-errortype": "ResourceNotFoundException" }).end('{"Message":"no"}'),
      ),
    );
    const services = host({ lambdaEndpoint: server.url });
    const input = { FunctionName: "no_such_function" };
    const failure = await failureOf(invoke(services, "arn:aws:states:::lambda:invoke", input));
    const { error, cause } = recorded(
      "test_task_service_lambda.py::TestTaskServiceLambda::test_no_such_function",
      "taskFailedEventDetails",
    );
    expect(failure.error).toBe(error);
    expect(failure.cause).toMatch(asPattern(cause));
  });

  it.each([
    ["test_s3_put_object[str]", "text data"],
    ["test_s3_put_object[dict]", { Dict: "Value" }],
    ["test_s3_put_object[bool]", false],
  ])("%s answers with these checksums", async (name, Body) => {
    // A server whose own ETags are not S3's.
    const server = closing(await serve((_, response) => response.writeHead(200, { etag: '"e"' }).end()));
    const services = host({ s3Endpoint: server.url });
    const result = await invoke(services, "arn:aws:states:::aws-sdk:s3:putObject", {
      Bucket: "b",
      Key: "k",
      Body,
    });
    expect(result).toEqual(recorded(name, "taskSucceededEventDetails").output);
  });

  it("s3:getObject has these members and values", async () => {
    const server = closing(await serveObjects());
    server.objects.set("b/k", Buffer.from("binary data"));
    const services = host({ s3Endpoint: server.url });
    const result = await invoke(services, "arn:aws:states:::aws-sdk:s3:getObject", { Bucket: "b", Key: "k" });
    const expected = recorded("test_s3_get_object[binary]", "taskSucceededEventDetails").output as object;
    expect(result).toEqual({ ...expected, LastModified: expect.any(String) as string });
  });

  it("S3's refusals are worded so", async () => {
    const services = host({ s3Endpoint: closing(await serveObjects()).url });
    const key = await failureOf(
      invoke(services, "arn:aws:states:::aws-sdk:s3:getObject", { Bucket: "b", Key: "k" }),
    );
    const noKey = recorded("test_s3_no_such_key", "taskFailedEventDetails");
    expect(key.error).toBe(noKey.error);
    expect(key.cause).toMatch(asPattern(noKey.cause));
    const bucket = await failureOf(
      invoke(services, "arn:aws:states:::aws-sdk:s3:listObjects", { Bucket: "missing" }),
    );
    const noBucket = recorded("test_no_such_bucket", "taskFailedEventDetails");
    expect(bucket.error).toBe(noBucket.error);
    expect(bucket.cause).toMatch(asPattern(noBucket.cause));
  });
});
