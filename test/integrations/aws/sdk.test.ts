// The AWS SDK, where it is installed, against local servers: names, casing, streams, metadata, failures.
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { SendMessageCommandInput } from "@aws-sdk/client-sqs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { javaName, packageOf } from "../../../src/integrations/aws/sdk/names.ts";
import { fromSdk, isoTime, toSdk } from "../../../src/integrations/aws/sdk/convert.ts";
import { shapeOf } from "../../../src/integrations/aws/sdk/shape.ts";
import { callOptions, closing, context, failureOf, host, invoke, readAllItems } from "./support/calls.ts";
import { serve, serveObjects, type TestServer } from "./support/servers.ts";

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
});

const action = (name: string): string => `arn:aws:states:::aws-sdk:s3:${name}`;

describe("S3 through the SDK", () => {
  it("gets and puts, signed, with outputs as without it", async () => {
    const server = closing(await serveObjects());
    const services = host({ s3Endpoint: server.url });
    const at = { Bucket: "bucket", Key: "a/ü.json" } satisfies PutObjectCommandInput;
    expect(await invoke(services, action("putObject"), { ...at, Body: { a: "1" } })).toMatchObject({
      ETag: expect.any(String) as string,
    });
    expect(server.objects.get("bucket/a/ü.json")?.toString()).toBe('{"a":"1"}');
    expect(server.seen[0]?.headers.authorization).toContain("AWS4-HMAC-SHA256 Credential=test/");
    expect(await invoke(services, action("getObject"), at)).toMatchObject({
      Body: '{"a":"1"}',
      ContentLength: 9,
      LastModified: "2026-01-01T00:00:00Z",
    });
  });

  it("words refusals as Step Functions does", async () => {
    const services = host({ s3Endpoint: closing(await serveObjects()).url });
    const missing = await failureOf(invoke(services, action("getObject"), { Bucket: "bucket", Key: "none" }));
    expect(missing).toEqual({
      error: "S3.NoSuchKeyException",
      cause:
        "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: R1, Extended Request ID: X1)",
    });
    const away = host({ s3Endpoint: "http://127.0.0.1:1" });
    const lost = await failureOf(invoke(away, action("getObject"), { Bucket: "bucket", Key: "none" }));
    expect(lost.error).toBe("S3.SdkClientException");
  });

  it("reads items and writes results", async () => {
    const server = closing(await serveObjects());
    const services = host({ s3Endpoint: server.url });
    await services.write(
      { bucket: "bucket", key: "out.json", body: "[1,2]", contentType: "application/json", context },
      callOptions(),
    );
    const config = { InputType: "JSON" };
    const parameters = { Bucket: "bucket", Key: "out.json" };
    expect((await readAllItems(services, { config, parameters })).items).toEqual([1, 2]);
    server.objects.set("bucket/empty", Buffer.from(""));
    const empty = { config: { InputType: "CSV" }, parameters: { Bucket: "bucket", Key: "empty" } };
    expect((await readAllItems(services, empty)).items).toEqual([]);
    const resource = "arn:aws:states:::s3:listObjectsV2";
    expect((await readAllItems(services, { parameters, resource })).items).toMatchObject([
      { Key: "empty", Size: 0 },
      { Key: "out.json", Size: 5 },
    ]);
    const missing = readAllItems(services, { config, parameters: { Bucket: "bucket", Key: "none" } });
    expect(await failureOf(missing)).toMatchObject({ error: "States.ItemReaderFailed" });
  });
});

async function queue(): Promise<TestServer> {
  return closing(
    await serve((request, response) => {
      const headers = { "Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": "Q1" };
      if (request.body.includes("gone")) {
        response.writeHead(400, {
          ...headers,
          "x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender",
        });
        response.end(
          '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}',
        );
        return;
      }
      response.writeHead(200, headers);
      const { MessageBody } = JSON.parse(request.body) as { MessageBody: string };
      const md5 =
        MessageBody === '{"a":1}' ? "bb6cb5c68df4652941caf652a366f2d8" : "9dd4e461268c8034f5c8564e155c67a6";
      response.end(JSON.stringify({ MessageId: "M1", MD5OfMessageBody: md5 }));
    }),
  );
}

describe("SQS through the SDK", () => {
  const send = "arn:aws:states:::sqs:sendMessage";

  it("sends a message whose body is made text, and shows the HTTP answer", async () => {
    const server = await queue();
    const services = host({ endpoints: { sqs: server.url } });
    const result = await invoke(services, send, { QueueUrl: `${server.url}/1/q`, MessageBody: { a: 1 } });
    expect(JSON.parse(server.seen[0]?.body ?? "")).toEqual({
      QueueUrl: `${server.url}/1/q`,
      MessageBody: '{"a":1}',
    });
    expect(result).toMatchObject({
      MessageId: "M1",
      SdkHttpMetadata: {
        AllHttpHeaders: { "x-amzn-RequestId": ["Q1"], "Content-Type": ["application/x-amz-json-1.0"] },
        HttpHeaders: { "x-amzn-RequestId": "Q1" },
        HttpStatusCode: 200,
      },
      SdkResponseMetadata: { RequestId: "Q1" },
    });
    const plain = await invoke(services, "arn:aws:states:::aws-sdk:sqs:sendMessage", {
      QueueUrl: `${server.url}/1/q`,
      MessageBody: "x",
    });
    expect(plain).toEqual({ MessageId: "M1", MD5OfMessageBody: "9dd4e461268c8034f5c8564e155c67a6" });
  });

  it("fails as each kind of integration does", async () => {
    const server = await queue();
    const services = host({ endpoints: { sqs: server.url } });
    const input = { QueueUrl: `${server.url}/1/gone`, MessageBody: "x" } satisfies SendMessageCommandInput;
    const optimized = await failureOf(invoke(services, send, input));
    expect(optimized.error).toBe("SQS.QueueDoesNotExistException");
    expect(optimized.cause).toMatch(
      /^The specified queue does not exist\. \(Service: AmazonSQS; Status Code: 400; /,
    );
    const sdk = await failureOf(invoke(services, "arn:aws:states:::aws-sdk:sqs:sendMessage", input));
    expect(sdk.error).toBe("Sqs.QueueDoesNotExistException");
    expect(sdk.cause).toContain("(Service: Sqs, Status Code: 400, Request ID: Q1)");
  });

  it("stops when it is aborted", async () => {
    const silent = closing(await serve(() => undefined));
    const services = host({ endpoints: { sqs: silent.url } });
    const stop = new AbortController();
    const call = { resource: send, input: { QueueUrl: silent.url, MessageBody: "x" }, context };
    const work = services.invoke(call, callOptions(stop.signal));
    setTimeout(() => stop.abort(), 50);
    expect((await failureOf(work)).error).toBe("States.Timeout");
  });
});

describe("a service", () => {
  it("that is not installed names its package; an action that there is not is no action", async () => {
    const services = host();
    const missing = await failureOf(
      invoke(services, "arn:aws:states:::aws-sdk:secretsmanager:getSecretValue", {}),
    );
    expect(missing.error).toBe("States.Runtime");
    expect(missing.cause).toContain("install @aws-sdk/client-secrets-manager");
    expect(missing.cause).toContain("aws-sdk:secretsmanager:getSecretValue");
    const noAction = await failureOf(invoke(services, "arn:aws:states:::aws-sdk:sqs:doNothing", {}));
    expect(noAction.cause).toContain("has no action doNothing");
    const odd = await failureOf(invoke(services, "arn:aws:elsewhere:::thing", {}));
    expect(odd.cause).toContain("Nothing answers for arn:aws:elsewhere:::thing");
  });

  it("is answered by a handler first, under its short name or its resource", async () => {
    const services = host({
      handlers: {
        "sqs:sendMessage": () => "short",
        "aws-sdk:sqs:sendMessage": () => "sdk",
        "arn:aws:states:::sns:publish": (input) => input,
      },
    });
    expect(await invoke(services, "arn:aws:states:::sqs:sendMessage", {})).toBe("short");
    expect(await invoke(services, "arn:aws-cn:states:::aws-sdk:sqs:sendMessage", {})).toBe("sdk");
    expect(await invoke(services, "arn:aws:states:::sns:publish", { Message: "hi" })).toEqual({
      Message: "hi",
    });
  });
});

describe("names", () => {
  it("of packages have hyphens", () => {
    expect(packageOf("secretsmanager", true)).toBe("@aws-sdk/client-secrets-manager");
    expect(packageOf("bedrock", false)).toBe("@aws-sdk/client-bedrock-runtime");
    expect(packageOf("bedrock", true)).toBe("@aws-sdk/client-bedrock");
    expect(packageOf("events", false)).toBe("@aws-sdk/client-eventbridge");
    expect(packageOf("dynamodb", true)).toBe("@aws-sdk/client-dynamodb");
  });

  it("of services are as in Java", () => {
    const names = [
      "SFN",
      "DynamoDB",
      "S3",
      "EC2",
      "Secrets Manager",
      "CloudWatch Logs",
      "EventBridge",
      "ACM PCA",
    ];
    expect(names.map(javaName)).toEqual([
      "Sfn",
      "DynamoDb",
      "S3",
      "Ec2",
      "SecretsManager",
      "CloudWatchLogs",
      "EventBridge",
      "AcmPca",
    ]);
  });
});

describe("the casing of members", () => {
  // As the SDK describes an operation whose members are in camelCase.
  const inner = [3, "ns", "Inner", 0, ["stringValue", "tags"], [0, 128 | 0]];
  const schema = [
    3,
    "ns",
    "Input",
    0,
    ["taskList", "when", "data", "self"],
    [[1, "ns", "L", 0, () => inner], 4, 21, [() => inner, 1]],
  ];
  const shape = shapeOf(schema);

  it("is Step Functions' outside and the service's inside; the user's keys stay", () => {
    const sent = toSdk(
      {
        TaskList: [{ StringValue: 5, Tags: { MyKey: "x" } }],
        When: 1,
        Data: "text",
        Self: { stringValue: "y" },
        Other: 1,
      },
      shape,
    );
    expect(sent).toEqual({
      taskList: [{ stringValue: "5", tags: { MyKey: "x" } }],
      when: new Date(1000),
      data: Buffer.from("text"),
      self: { stringValue: "y" },
      Other: 1,
    });
  });

  it("comes back the same way, with times and bytes as text", async () => {
    const output = {
      $metadata: { httpStatusCode: 200 },
      taskList: [{ stringValue: "a", tags: { myKey: "x" } }],
      when: new Date(1500),
      data: new Uint8Array([0xff, 0xfe]),
      self: undefined,
    };
    expect(await fromSdk(output, shape)).toEqual({
      TaskList: [{ StringValue: "a", Tags: { myKey: "x" } }],
      When: "1970-01-01T00:00:01.500Z",
      Data: "//4=",
    });
    expect(isoTime(new Date(1000))).toBe("1970-01-01T00:00:01Z");
  });
});
