// Step Functions called by its own state machines: the program answers.
import { describe, expect, it } from "vitest";
import { ServiceFailure } from "../../../src/integrations/aws/failure.ts";
import type { Json } from "../../../src/notations/asl/json.ts";
import { failureOf, host, invoke } from "./support/calls.ts";

describe("aws-sdk:sfn", () => {
  it("is answered by the program's own API, in the API's casing", async () => {
    const seen: [string, Json][] = [];
    const services = host({
      sfn: (action, input) => {
        seen.push([action, input]);
        return Promise.resolve({ executionArn: "arn", startDate: 1_767_225_600.5, tags: [{ key: "a" }] });
      },
    });
    const input = { StateMachineArn: "m", Input: { key: "value" }, Tags: [{ Key: "K" }] };
    expect(await invoke(services, "arn:aws:states:::aws-sdk:sfn:startExecution", input)).toEqual({
      ExecutionArn: "arn",
      StartDate: "2026-01-01T00:00:00.500Z",
      Tags: [{ Key: "a" }],
    });
    expect(seen).toEqual([
      ["startExecution", { stateMachineArn: "m", input: '{"key":"value"}', tags: [{ key: "K" }] }],
    ]);
    const optimized = await invoke(services, "arn:aws:states:::states:startExecution", {
      StateMachineArn: "m",
    });
    expect(optimized).toMatchObject({ ExecutionArn: "arn", SdkHttpMetadata: { HttpStatusCode: 200 } });
  });

  it("fails in the words of each kind of integration", async () => {
    const failure = new ServiceFailure({
      code: "InvalidToken",
      message: "Invalid Token: 'Invalid token'",
      status: 400,
      requestId: "R1",
    });
    const services = host({ sfn: () => Promise.reject(failure) });
    const call = (resource: string): Promise<Json> => invoke(services, resource, { TaskToken: "none" });
    expect(await failureOf(call("arn:aws:states:::aws-sdk:sfn:sendTaskFailure"))).toEqual({
      error: "Sfn.InvalidTokenException",
      cause:
        "Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: R1) (SDK Attempt Count: 1)",
    });
    expect(await failureOf(call("arn:aws:states:::states:startExecution"))).toEqual({
      error: "StepFunctions.InvalidTokenException",
      cause:
        "Invalid Token: 'Invalid token' (Service: AWSStepFunctions; Status Code: 400; Error Code: InvalidToken; Request ID: R1; Proxy: null)",
    });
    const coded = host({
      sfn: () => Promise.reject(Object.assign(new Error("gone"), { code: "TaskTimedOut" })),
    });
    const late = await failureOf(invoke(coded, "arn:aws:states:::aws-sdk:sfn:sendTaskSuccess", {}));
    expect(late.error).toBe("Sfn.TaskTimedOutException");
  });
});
