// Express executions: what StartSyncExecution answers, and what is not kept of them.
import { describe, expect, test } from "vitest";
import { role } from "../world.ts";
import { chain, distributed, named, openReal, task } from "./real.ts";
import type { Real } from "./real.ts";

async function express(api: Real, definition: object): Promise<string> {
  const { stateMachineArn } = await api.ok("CreateStateMachine", {
    name: "x",
    type: "EXPRESS",
    roleArn: role,
    definition: JSON.stringify(definition),
  });
  return stateMachineArn as string;
}

describe("StartSyncExecution", () => {
  test("answers with the output", async () => {
    const api = await openReal({ handlers: { F: (input) => ({ got: input }) } });
    const stateMachineArn = await express(api, chain({ F: task("F") }));
    const answer = await api.ok("StartSyncExecution", {
      stateMachineArn,
      input: "[1]",
      name: "n",
      traceHeader: "t",
    });
    expect(answer).toMatchObject({
      executionArn: expect.stringMatching(/:express:x:n:[\da-f-]{36}$/u) as string,
      stateMachineArn,
      name: "n",
      status: "SUCCEEDED",
      input: "[1]",
      inputDetails: { included: true },
      output: '{"got":[1]}',
      outputDetails: { included: true },
      billingDetails: {
        billedDurationInMilliseconds: expect.any(Number) as number,
        billedMemoryUsedInMB: 64,
      },
    });
    expect(answer.billingDetails.billedDurationInMilliseconds % 100).toBe(0);
    const metadata = await api.ok("StartSyncExecution", { stateMachineArn, includedData: "METADATA_ONLY" });
    expect(metadata).not.toHaveProperty("output");
    expect(metadata).toMatchObject({ inputDetails: { included: false }, outputDetails: { included: false } });
  });

  test("answers with the failure, status 200 all the same", async () => {
    const F = (): never => {
      throw named("Broken", "it was old");
    };
    const api = await openReal({ handlers: { F } });
    const answer = await api.ok("StartSyncExecution", {
      stateMachineArn: await express(api, chain({ F: task("F") })),
    });
    expect(answer).toMatchObject({ status: "FAILED", error: "Broken" });
    expect(JSON.parse(answer.cause)).toMatchObject({ errorMessage: "it was old" });
    expect(answer).not.toHaveProperty("output");
  });

  test("answers when the time is over", async () => {
    const api = await openReal();
    const definition = { ...chain({ Rest: { Type: "Wait", Seconds: 60 } }), TimeoutSeconds: 1 };
    const answer = await api.ok("StartSyncExecution", { stateMachineArn: await express(api, definition) });
    expect(answer).toMatchObject({ status: "TIMED_OUT" });
    expect(answer.stopDate - answer.startDate).toBeGreaterThanOrEqual(1);
  });

  test("is not for STANDARD machines", async () => {
    const api = await openReal();
    const { stateMachineArn } = await api.run(chain({ P: { Type: "Pass" } }));
    expect(await api.refusal("StartSyncExecution", { stateMachineArn })).toMatch(
      /^StateMachineTypeNotSupported: /u,
    );
  });
});

test("an asynchronous Express execution runs, twice under one name, and has no history", async () => {
  const calls: unknown[] = [];
  const api = await openReal({ handlers: { F: (input) => void calls.push(input) } });
  const stateMachineArn = await express(api, chain({ F: task("F") }));
  const [first, second] = await Promise.all(
    [1, 2].map((n) => api.ok("StartExecution", { stateMachineArn, name: "same", input: String(n) })),
  );
  expect(first.executionArn).not.toBe(second.executionArn);
  await expect.poll(() => calls.length).toBe(2);
  const { executionArn } = first;
  for (const operation of ["GetExecutionHistory", "DescribeExecution", "StopExecution", "RedriveExecution"])
    expect(await api.refusal(operation, { executionArn })).toMatch(/^InvalidArn: /u);
  expect(await api.refusal("ListExecutions", { stateMachineArn })).toMatch(
    /^StateMachineTypeNotSupported: /u,
  );
});

test("an Express machine waits for no token and starts no map run", async () => {
  const api = await openReal();
  const refused = async (state: object): Promise<string> =>
    await api.refusal("CreateStateMachine", {
      name: "bad",
      type: "EXPRESS",
      roleArn: role,
      definition: JSON.stringify(chain({ S: state })),
    });
  const waiting = {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    Parameters: { FunctionName: "F", Payload: { "t.$": "$$.Task.Token" } },
  };
  expect(await refused(waiting)).toMatch(/^InvalidDefinition: /u);
  expect(await refused(distributed({ P: { Type: "Pass" } }))).toMatch(/^InvalidDefinition: /u);
});
