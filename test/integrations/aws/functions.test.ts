// Tasks that call Lambda functions: handlers and endpoints, results and failures in AWS's form.
import { describe, expect, it } from "vitest";
import type { HandlerContext } from "../../../src/integrations/aws/options.ts";
import { parseFunctionName } from "../../../src/integrations/aws/functions/name.ts";
import { ApplicationError } from "../../../src/core/error-application.ts";
import type { Json } from "../../../src/notations/asl/json.ts";
import { StatesError } from "../../../src/notations/asl/states-error.ts";
import { callOptions, closing, context, failureOf, host, invoke } from "./support/calls.ts";
import { serve, type TestServer } from "./support/servers.ts";

const INVOKE = "arn:aws:states:::lambda:invoke";
const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:greet";

/** Answers with the event; `fails`, `nameless` and `missing` do what they say. */
async function functions(): Promise<TestServer> {
  return closing(
    await serve((request, response) => {
      const name = decodeURIComponent(request.path.split("/")[3] ?? "").split(":")[0] ?? "";
      if (name === "missing") {
        response.writeHead(404, { "x-amzn-ErrorType": "ResourceNotFoundException" });
        response.end('{"Message":"Function not found: somewhere","Type":"User"}');
        return;
      }
      if (name === "throttled") {
        response.writeHead(429, { "x-amzn-ErrorType": "TooManyRequestsException" });
        response.end('{"message":"Rate exceeded"}');
        return;
      }
      const failed = name === "fails" || name === "nameless";
      const failure =
        name === "fails" ? '{"errorMessage":"no","errorType":"Refused"}' : '{"errorMessage":"gone"}';
      response.writeHead(200, {
        "X-Amz-Executed-Version": "$LATEST",
        ...(failed ? { "X-Amz-Function-Error": "Unhandled" } : {}),
        ...(request.headers["x-amz-log-type"] === "Tail" ? { "X-Amz-Log-Result": "bG9n" } : {}),
      });
      response.end(failed ? failure : request.body || "{}");
    }),
  );
}

describe("a function's name", () => {
  it("is read in every form", () => {
    expect(parseFunctionName("greet")).toMatchObject({ name: "greet", qualifier: undefined });
    expect(parseFunctionName("greet:live")).toMatchObject({ name: "greet", qualifier: "live" });
    expect(parseFunctionName("123456789012:function:greet")).toMatchObject({
      name: "greet",
      account: "123456789012",
    });
    expect(parseFunctionName(`${ARN}:7`)).toMatchObject({
      name: "greet",
      qualifier: "7",
      region: "eu-west-1",
    });
  });
});

describe("a handler", () => {
  it("answers for a function's ARN, with what it returns", async () => {
    const seen: [Json, HandlerContext][] = [];
    const services = host({ handlers: { greet: (input, given) => seen.push([input, given]) } });
    expect(await invoke(services, ARN, { name: "Ada" })).toBe(1);
    expect(seen).toEqual([
      [
        { name: "Ada" },
        {
          functionName: "greet",
          resource: ARN,
          executionArn: context.executionArn,
          stateName: "Work",
          idempotencyKey: "key-1",
          taskToken: undefined,
          signal: expect.any(AbortSignal) as AbortSignal,
        },
      ],
    ]);
  });

  it("answers for every way to name the function, and for an alias of it", async () => {
    const services = host({ handlers: { greet: () => "any", "greet:live": () => "live" } });
    const payload = async (input: Json): Promise<unknown> =>
      ((await invoke(services, INVOKE, input)) as { Payload: Json }).Payload;
    expect(await payload({ FunctionName: ARN })).toBe("any");
    expect(await payload({ FunctionName: "123456789012:function:greet" })).toBe("any");
    expect(await payload({ FunctionName: "greet:live" })).toBe("live");
    expect(await payload({ FunctionName: "greet", Qualifier: "live" })).toBe("live");
    expect(await payload({ FunctionName: "greet", Qualifier: "old" })).toBe("any");
  });

  it("is wrapped as the Invoke API wraps a function", async () => {
    const services = host({ handlers: { greet: () => ({ hello: "world" }) } });
    const result = (await invoke(services, INVOKE, { FunctionName: "greet", Payload: 1 })) as Record<
      string,
      Json
    >;
    expect(Object.keys(result)).toEqual([
      "ExecutedVersion",
      "Payload",
      "SdkHttpMetadata",
      "SdkResponseMetadata",
      "StatusCode",
    ]);
    expect(result).toMatchObject({
      ExecutedVersion: "$LATEST",
      Payload: { hello: "world" },
      StatusCode: 200,
    });
    expect(result["SdkHttpMetadata"]).toMatchObject({
      AllHttpHeaders: { "Content-Length": ["17"], "X-Amz-Executed-Version": ["$LATEST"] },
      HttpHeaders: { "Content-Length": "17", "Content-Type": "application/json" },
      HttpStatusCode: 200,
    });
  });

  it("gets an empty event where there is no payload", async () => {
    const services = host({ handlers: { echo: (input) => input } });
    expect(await invoke(services, INVOKE, { FunctionName: "echo", Payload: null })).toMatchObject({
      Payload: {},
    });
    expect(await invoke(services, INVOKE, { FunctionName: "echo" })).toMatchObject({ Payload: {} });
    expect(await invoke(services, INVOKE, { FunctionName: "echo", Payload: 0 })).toMatchObject({
      Payload: 0,
    });
  });

  it("gets what a text says, which must be JSON", async () => {
    const services = host({ handlers: { echo: (input) => input } });
    const call = (Payload: string): Promise<Json> =>
      invoke(services, INVOKE, { FunctionName: "echo", Payload });
    expect(await call('"Ada"')).toMatchObject({ Payload: "Ada" });
    expect(await call("{}")).toMatchObject({ Payload: {} });
    const failure = await failureOf(call("Ada"));
    expect(failure.error).toBe("Lambda.InvalidRequestContentException");
    expect(failure.cause).toContain("Could not parse request body into json");
  });

  it("is not waited for when it is called as an event, nor called at all in a dry run", async () => {
    let calls = 0;
    const services = host({
      handlers: {
        later: () => {
          calls += 1;
          throw new StatesError("Late");
        },
      },
    });
    const input = { FunctionName: "later", InvocationType: "Event" };
    expect(await invoke(services, INVOKE, input)).toMatchObject({ StatusCode: 202 });
    expect(await invoke(services, INVOKE, { ...input, InvocationType: "DryRun" })).toMatchObject({
      StatusCode: 204,
    });
    expect(calls).toBe(1);
  });

  it("returns JSON, whatever it returns", async () => {
    const loop: Record<string, unknown> = {};
    loop["loop"] = loop;
    const services = host({
      handlers: { nothing: () => undefined, date: () => new Date(0), loop: () => loop, big: () => 1n },
    });
    const call = (name: string): Promise<Json> => invoke(services, ARN.replace("greet", name), {});
    expect(await call("nothing")).toBe(null);
    expect(await call("date")).toBe("1970-01-01T00:00:00.000Z");
    expect((await failureOf(call("loop"))).error).toBe("Runtime.MarshalError");
    expect((await failureOf(call("big"))).error).toBe("Runtime.MarshalError");
  });

  it("fails the task with the name of what it throws, and Lambda's kind of cause", async () => {
    class QuotaError extends Error {
      override readonly name: string = "QuotaError";
    }
    const services = host({
      handlers: {
        quota: () => {
          throw new QuotaError("none left");
        },
        typed: () => Promise.reject(new ApplicationError("wait", { type: "Busy" })),
        text: () => Promise.reject("just text"),
        states: () => Promise.reject(new StatesError("Own", { cause: "mine" })),
      },
    });
    const call = (name: string): Promise<Json> => invoke(services, ARN.replace("greet", name), {});
    const quota = await failureOf(call("quota"));
    expect(quota.error).toBe("QuotaError");
    expect(JSON.parse(quota.cause)).toMatchObject({ errorMessage: "none left", errorType: "QuotaError" });
    expect((JSON.parse(quota.cause) as { stackTrace: string[] }).stackTrace.length).toBeGreaterThan(0);
    expect((await failureOf(call("typed"))).error).toBe("Busy");
    expect((await failureOf(call("text"))).cause).toContain(
      '"errorMessage":"just text","errorType":"string"',
    );
    expect(await failureOf(call("states"))).toEqual({ error: "Own", cause: "mine" });
  });

  it("does not hold the task when the call is aborted", async () => {
    const services = host({ handlers: { hangs: () => Promise.withResolvers().promise } });
    const stop = new AbortController();
    const work = services.invoke(
      { resource: ARN.replace("greet", "hangs"), input: {}, context },
      callOptions(stop.signal),
    );
    stop.abort();
    expect((await failureOf(work)).error).toBe("States.Timeout");
  });

  it("is not found on an object's prototype", async () => {
    const services = host({ handlers: {}, lambdaEndpoint: (await functions()).url });
    expect(await invoke(services, ARN.replace("greet", "constructor"), { a: 1 })).toEqual({ a: 1 });
  });
});

describe("an endpoint", () => {
  it("is sent what the definition gives, in both forms", async () => {
    const server = await functions();
    const services = host({ lambdaEndpoint: `${server.url}/` });
    expect(await invoke(services, ARN, "text")).toBe("text");
    const input = {
      FunctionName: "greet",
      Qualifier: "live",
      Payload: [1],
      LogType: "Tail",
      ClientContext: { a: 1 },
    };
    expect(await invoke(services, INVOKE, input)).toMatchObject({
      ExecutedVersion: "$LATEST",
      LogResult: "bG9n",
      Payload: [1],
      StatusCode: 200,
    });
    expect(server.seen.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["POST", "/2015-03-31/functions/greet/invocations", '"text"'],
      ["POST", "/2015-03-31/functions/greet/invocations?Qualifier=live", "[1]"],
    ]);
    expect(server.seen[1]?.headers).toMatchObject({
      "x-amz-client-context": Buffer.from('{"a":1}').toString("base64"),
      "x-amz-log-type": "Tail",
      "x-amz-invocation-type": "RequestResponse",
    });
  });

  it("says that a function failed, and Step Functions says how", async () => {
    const services = host({ lambdaEndpoint: (await functions()).url });
    expect(await failureOf(invoke(services, ARN.replace("greet", "fails"), {}))).toEqual({
      error: "Refused",
      cause: '{"errorMessage":"no","errorType":"Refused"}',
    });
    expect(await failureOf(invoke(services, INVOKE, { FunctionName: "nameless" }))).toEqual({
      error: "Lambda.Unknown",
      cause:
        'The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"gone"}',
    });
  });

  it("says that there is no such function", async () => {
    const services = host({ lambdaEndpoint: (await functions()).url });
    const failure = await failureOf(invoke(services, INVOKE, { FunctionName: "missing" }));
    expect(failure.error).toBe("Lambda.ResourceNotFoundException");
    expect(failure.cause).toMatch(
      /^Function not found: arn:aws:lambda:eu-west-1:123456789012:function:missing:\$LATEST \(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: [0-9a-f-]+; Proxy: null\)$/,
    );
    const throttled = await failureOf(invoke(services, INVOKE, { FunctionName: "throttled" }));
    expect(throttled.error).toBe("Lambda.TooManyRequestsException");
    expect(throttled.cause).toContain("Rate exceeded (Service: AWSLambda; Status Code: 429;");
  });

  it("may be away, and may take too long", async () => {
    const away = host({ lambdaEndpoint: "http://127.0.0.1:1" });
    expect((await failureOf(invoke(away, ARN, {}))).error).toBe("Lambda.SdkClientException");
    const silent = closing(await serve(() => undefined));
    const stop = new AbortController();
    const work = host({ lambdaEndpoint: silent.url }).invoke(
      { resource: ARN, input: {}, context },
      callOptions(stop.signal),
    );
    stop.abort();
    expect((await failureOf(work)).error).toBe("States.Timeout");
  });

  it("is asked again when it had closed the kept connection", async () => {
    let dropped = false;
    const server = closing(
      await serve((request, response) => {
        if (request.body !== '"second"' || dropped) return void response.end(request.body);
        dropped = true;
        response.socket?.destroy();
      }),
    );
    const services = host({ lambdaEndpoint: server.url });
    expect(await invoke(services, ARN, "first")).toBe("first");
    expect(await invoke(services, ARN, "second")).toBe("second");
  });
});

describe("nobody", () => {
  it("answers: the failure says what would", async () => {
    const failure = await failureOf(invoke(host(), INVOKE, { FunctionName: "greet" }));
    expect(failure.error).toBe("States.Runtime");
    expect(failure.cause).toContain("register a handler under that name");
    expect(failure.cause).toContain("@aws-sdk/client-lambda");
    expect((await failureOf(invoke(host(), INVOKE, { Payload: {} }))).cause).toContain(
      "The field 'FunctionName' is required but was missing",
    );
  });
});
