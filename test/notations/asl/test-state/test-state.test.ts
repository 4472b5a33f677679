// TestState executes one state once: what it answers, what it shows on the way, and what it calls.
import { describe, expect, it } from "vitest";
import { StatesError } from "../../../../src/notations/asl/states-error.ts";
import type { TaskCall } from "../../../../src/notations/asl/task-host.ts";
import { tested, toolsFor } from "./tools.ts";

const invoke = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true };
const error = { error: "Flaky", cause: "it happens" };

describe("the answer", () => {
  it("says the output and where it goes on", async () => {
    const definition = { Type: "Pass", Result: 1, ResultPath: "$.a", Next: "B" };
    expect(await tested({ definition, input: {}, params: { inspectionLevel: "INFO" } })).toEqual({
      status: "SUCCEEDED",
      output: { a: 1 },
      nextState: "B",
    });
  });

  it("takes the default of a Choice and shows its input", async () => {
    const rule = { Variable: "$.n", NumericEquals: 1, Next: "One" };
    const definition = { Type: "Choice", Choices: [rule], Default: "Other" };
    expect(await tested({ definition, input: { n: 2 } })).toEqual({
      status: "SUCCEEDED",
      output: { n: 2 },
      nextState: "Other",
      inspectionData: { input: { n: 2 }, afterInputPath: { n: 2 } },
    });
  });

  it("has the error of a path with the state's name", async () => {
    const definition = { Type: "Pass", Parameters: { "a.$": "$.missing" }, End: true };
    expect(await tested({ definition, input: {} })).toMatchObject({
      status: "FAILED",
      cause: expect.stringContaining("'StateName' (entered at the event id #2)") as string,
    });
  });

  it("shows variables, the given ones and the new ones", async () => {
    const definition = { Type: "Pass", Assign: { "b.$": "$a", c: 3 }, End: true };
    const params = { variables: '{"a":1}' };
    expect(await tested({ definition, params })).toMatchObject({
      inspectionData: { variables: { a: 1, b: 1, c: 3 } },
    });
  });

  it("does not wait, but its clock does", async () => {
    const definition = {
      Type: "Wait",
      QueryLanguage: "JSONata",
      Seconds: 60,
      Output: "{% $now() %}",
      End: true,
    };
    expect(await tested({ definition })).toMatchObject({ output: "2026-01-02T03:05:05.678Z" });
  });

  it("ends after five minutes, as AWS's tests do", async () => {
    const definition = { Type: "Wait", Seconds: 301, End: true };
    expect(await tested({ definition })).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    const unlimited = { ...toolsFor(), awsLimits: false };
    expect(await tested({ definition }, unlimited)).toMatchObject({ status: "SUCCEEDED" });
  });
});

describe("Retry and Catch", () => {
  const Retry = [
    { ErrorEquals: ["Other"] },
    { ErrorEquals: ["Flaky"], IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 2 },
  ];
  const Catch = [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Handle" }];
  const details = async (definition: object, retrierRetryCount: number): Promise<unknown> =>
    await tested({
      definition: definition as never,
      error,
      input: { in: 1 },
      params: { stateConfiguration: { retrierRetryCount } },
    });

  it("says that there would be a retry, and when", async () => {
    const answer = await details({ ...invoke, Retry, Catch }, 1);
    expect(answer).toMatchObject({
      status: "RETRIABLE",
      ...error,
      inspectionData: { errorDetails: { retryIndex: 1, retryBackoffIntervalSeconds: 6 } },
    });
    expect(answer).not.toHaveProperty("output");
  });

  it("goes to the catcher when the retries are over", async () => {
    expect(await details({ ...invoke, Retry, Catch }, 2)).toMatchObject({
      status: "CAUGHT_ERROR",
      ...error,
      nextState: "Handle",
      output: { in: 1, error: { Error: "Flaky", Cause: "it happens" } },
      inspectionData: { errorDetails: { retryIndex: 1, catchIndex: 0 } },
    });
  });

  it("fails when nobody catches", async () => {
    expect(await details({ ...invoke, Retry }, 2)).toMatchObject({
      status: "FAILED",
      inspectionData: { errorDetails: { retryIndex: 1 } },
    });
  });

  it("fails when the catcher's own output cannot be evaluated", async () => {
    const bad = [{ ErrorEquals: ["States.ALL"], Output: "{% $missing.a.b + 'x' %}", Next: "Handle" }];
    const definition = { ...invoke, QueryLanguage: "JSONata", Catch: bad };
    expect(await tested({ definition, error })).toMatchObject({
      status: "FAILED",
      error: "States.QueryEvaluationError",
    });
  });
});

describe("a Map state", () => {
  const processor = { StartAt: "A", States: { A: { Type: "Pass", End: true } } };
  const distributed = { ...processor, ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };
  const map = { Type: "Map", ItemProcessor: distributed, End: true };

  it("shows what its iterations and their batches would get", async () => {
    const definition = {
      ...map,
      ItemsPath: "$.items",
      ItemSelector: { "n.$": "$$.Map.Item.Value" },
      ItemBatcher: { MaxItemsPerBatch: 2 },
    };
    const input = { items: [1, 2, 3] };
    const [n1, n2, n3] = [{ n: 1 }, { n: 2 }, { n: 3 }];
    expect(await tested({ definition, input, result: ["x"] })).toEqual({
      status: "SUCCEEDED",
      output: ["x"],
      inspectionData: {
        input,
        afterInputPath: input,
        afterItemsPath: [1, 2, 3],
        afterItemSelector: [n1, n2, n3],
        afterItemBatcher: [{ Items: [n1, n2] }, { Items: [n3] }],
        maxConcurrency: 0,
        afterResultSelector: ["x"],
        afterResultPath: ["x"],
      },
    });
  });

  it("counts failures against a percentage of the items", async () => {
    const definition = { ...map, ToleratedFailurePercentage: 50 };
    const status = (mapIterationFailureCount: number): Promise<unknown> =>
      tested({
        definition,
        input: [1, 2, 3, 4],
        result: [],
        params: { stateConfiguration: { mapIterationFailureCount } },
      });
    expect(await status(2)).toMatchObject({ status: "SUCCEEDED" });
    expect(await status(3)).toMatchObject({ error: "States.ExceedToleratedFailureThreshold" });
  });

  const read = (config: object, mapItemReaderData: string): Promise<unknown> =>
    tested({
      definition: {
        ...map,
        ItemReader: {
          Resource: "arn:aws:states:::s3:getObject",
          Parameters: { Bucket: "b", Key: "k" },
          ReaderConfig: config as never,
        },
        ItemSelector: { "v.$": "$$.Map.Item.Value" },
      },
      input: {},
      result: [],
      params: { stateConfiguration: { mapItemReaderData } },
    });

  it.each<[string, object, string, unknown]>([
    ["JSON", { InputType: "JSON" }, "[1,2]", [{ v: 1 }, { v: 2 }]],
    ["JSON Lines", { InputType: "JSONL" }, '{"a":1}\n{"a":2}\n', [{ v: { a: 1 } }, { v: { a: 2 } }]],
    ["a part of JSON", { InputType: "JSON", ItemsPointer: "/a/b~1c" }, '{"a":{"b/c":[7]}}', [{ v: 7 }]],
    ["an object", { InputType: "JSON" }, '{"k":1}', [{ v: { Key: "k", Value: 1 } }]],
  ])("reads %s", async (_name, config, data, afterItemSelector) => {
    expect(await read(config, data)).toMatchObject({ inspectionData: { afterItemSelector } });
  });

  it.each<[string, object, string]>([
    ["text", { InputType: "JSON" }, "nothing"],
    ["a number", { InputType: "JSON" }, "1"],
    ["a pointer to nothing", { InputType: "JSON", ItemsPointer: "/x" }, "{}"],
  ])("cannot read %s", async (_name, config, data) => {
    expect(await read(config, data)).toMatchObject({ status: "FAILED", error: "States.ItemReaderFailed" });
  });
});

describe("a task without a mock", () => {
  it("is called, with what the state makes of its input", async () => {
    const calls: TaskCall[] = [];
    const tools = toolsFor(async (call) => {
      calls.push(call);
      return { Payload: 5 };
    });
    const definition = {
      ...invoke,
      Parameters: { "FunctionName.$": "$.f" },
      ResultSelector: { "p.$": "$.Payload" },
    };
    expect(await tested({ definition, input: { f: "F" } }, tools)).toMatchObject({
      status: "SUCCEEDED",
      output: { p: 5 },
      inspectionData: { result: { Payload: 5 }, afterResultSelector: { p: 5 } },
    });
    expect(calls).toMatchObject([{ resource: invoke.Resource, input: { FunctionName: "F" } }]);
  });

  it("fails with the error of the call", async () => {
    const tools = toolsFor(async () => {
      throw new StatesError("Lambda.ServiceException", { cause: "down" });
    });
    expect(await tested({ definition: invoke }, tools)).toMatchObject({
      status: "FAILED",
      error: "Lambda.ServiceException",
      cause: "down",
    });
  });

  it("ends with its time", async () => {
    const asked: number[] = [];
    const never = toolsFor(() => new Promise(() => {}));
    const deadline = (ms: number): AbortSignal => {
      asked.push(ms);
      const controller = new AbortController();
      queueMicrotask(() => controller.abort());
      return controller.signal;
    };
    const definition = { ...invoke, TimeoutSeconds: 7 };
    expect(await tested({ definition }, { ...never, deadline })).toMatchObject({ error: "States.Timeout" });
    expect(await tested({ definition: invoke }, { ...never, deadline })).toMatchObject({
      error: "States.Timeout",
    });
    expect(asked).toEqual([7000, 300_000]);
  });
});

describe("an HTTP task", () => {
  const definition = {
    Type: "Task",
    Resource: "arn:aws:states:::http:invoke",
    Parameters: {
      ApiEndpoint: "https://example.com/a",
      Method: "POST",
      Authentication: { ConnectionArn: "arn:aws:events:us-east-1:123456789012:connection/c/1" },
      QueryParameters: { q: ["1", "2"] },
      RequestBody: { a: 1 },
    },
    End: true,
  };
  const result = { StatusCode: 200, StatusText: "OK", Headers: { a: ["b"] }, ResponseBody: "x" };
  const show = async (inspectionLevel: string): Promise<unknown> => {
    const answer = await tested({ definition, result, params: { inspectionLevel } });
    return (answer as { readonly inspectionData: unknown }).inspectionData;
  };

  it("shows request and response at TRACE only", async () => {
    expect(await show("TRACE")).toMatchObject({
      request: {
        protocol: "https",
        method: "POST",
        url: "https://example.com/a?q=1&q=2",
        body: '{"a":1}',
      },
      response: {
        protocol: "https",
        statusCode: "200",
        statusMessage: "OK",
        headers: '{"a":["b"]}',
        body: "x",
      },
    });
    expect(await show("DEBUG")).not.toHaveProperty("request");
  });
});
