import { describe, expect, test } from "vitest";
import { machine, openApi, pass, role, type World } from "./world.ts";

const definition = machine(pass);
const other = machine({ ...pass, Comment: "other" });
const arn = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
const basics = { name: "m", definition, roleArn: role };

/** Pages of a list, until there is no token. */
async function pages(world: World, operation: string, params: object): Promise<object[]> {
  const found: object[] = [];
  for (let nextToken: string | undefined; ;) {
    const page = await world.ok(operation, { ...params, ...(nextToken === undefined ? {} : { nextToken }) });
    found.push(page);
    nextToken = page.nextToken as string | undefined;
    if (nextToken === undefined) return found;
  }
}

describe("CreateStateMachine", () => {
  test("answers a repeat as the first time, also with another role or other tags", async () => {
    const world = await openApi();
    const first = await world.ok("CreateStateMachine", basics);
    expect(first).toEqual({ stateMachineArn: arn, creationDate: expect.any(Number) as number });
    const repeat = { ...basics, roleArn: `${role}2`, tags: [{ key: "a", value: "b" }] };
    expect(await world.ok("CreateStateMachine", repeat)).toEqual(first);
    const explicit = { ...basics, encryptionConfiguration: { type: "AWS_OWNED_KEY" } };
    expect(await world.ok("CreateStateMachine", explicit)).toEqual(first);
    expect((await world.ok("DescribeStateMachine", { stateMachineArn: arn })).roleArn).toBe(role);
    expect(await world.ok("ListTagsForResource", { resourceArn: arn })).toEqual({ tags: [] });
  });

  test("refuses the name with anything else", async () => {
    const world = await openApi();
    await world.ok("CreateStateMachine", basics);
    const exists = `StateMachineAlreadyExists: State Machine Already Exists: '${arn}'`;
    for (const change of [
      { definition: other },
      { type: "EXPRESS" },
      { publish: true },
      { tracingConfiguration: { enabled: true } },
      { loggingConfiguration: { includeExecutionData: true } },
    ]) {
      expect(await world.refusal("CreateStateMachine", { ...basics, ...change })).toBe(exists);
    }
  });

  test.each([
    [
      { name: undefined },
      "ValidationException: 1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    ],
    [
      { name: "" },
      "ValidationException: 1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [{ name: "a b" }, "InvalidName: Invalid Name: 'a b'"],
    [{ name: "a\u0085" }, "InvalidName: Invalid Name: 'a\u0085'"],
    [{ roleArn: "no role" }, "InvalidArn: Invalid Role Arn: 'no role'"],
    [
      { type: "FAST" },
      "ValidationException: 1 validation error detected: Value 'FAST' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]",
    ],
    [{ name: 7 }, "SerializationException: NUMBER_VALUE can not be converted to a String"],
    [{ publish: "yes" }, "SerializationException: STRING_VALUE can not be converted to a Boolean"],
    [{ tags: {} }, "SerializationException: Unexpected field type"],
    [
      { versionDescription: "v" },
      "ValidationException: Version description can only be set when publish is true",
    ],
    [
      { loggingConfiguration: { level: "ALL" } },
      "InvalidLoggingConfiguration: Invalid Logging Configuration: Must specify exactly one Log Destination.",
    ],
    [{ tags: Array.from({ length: 51 }, (_, key) => ({ key: String(key) })) }, "TooManyTags: Too many tags"],
  ])("refuses %j", async (change, refusal) => {
    const world = await openApi();
    expect(await world.refusal("CreateStateMachine", { ...basics, ...change })).toBe(refusal);
    expect(await world.ok("ListStateMachines")).toEqual({ stateMachines: [] });
  });

  test("tells all mistakes at once", async () => {
    const world = await openApi();
    const long = "x".repeat(81);
    expect(await world.refusal("CreateStateMachine", { name: long, definition })).toBe(
      `ValidationException: 2 validation errors detected: Value '${long}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80; Value null at 'roleArn' failed to satisfy constraint: Member must not be null`,
    );
  });

  test("refuses definitions that are wrong, in AWS's words", async () => {
    const world = await openApi();
    const wrong = { ...basics, definition: '{"StartAt":"A"}' };
    expect(await world.refusal("CreateStateMachine", wrong)).toMatch(
      /^InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: /u,
    );
    const noJson = await world.refusal("CreateStateMachine", { ...basics, definition: "{" });
    expect(noJson).toMatch(/^InvalidDefinition: .*INVALID_JSON_DESCRIPTION: Unexpected end-of-input/u);
  });
});

describe("UpdateStateMachine", () => {
  test("makes a revision, and none if nothing changes", async () => {
    const world = await openApi();
    await world.ok("CreateStateMachine", basics);
    const before = await world.ok("DescribeStateMachine", { stateMachineArn: arn });
    expect(before).not.toHaveProperty("revisionId");
    const same = await world.ok("UpdateStateMachine", { stateMachineArn: arn, definition });
    expect(same).toEqual({ updateDate: expect.any(Number) as number });
    const update = {
      stateMachineArn: arn,
      definition: other,
      loggingConfiguration: { includeExecutionData: true },
    };
    const { revisionId } = await world.ok("UpdateStateMachine", update);
    expect(await world.ok("DescribeStateMachine", { stateMachineArn: arn })).toMatchObject({
      definition: other,
      revisionId,
      roleArn: role,
      loggingConfiguration: { level: "OFF", includeExecutionData: true },
    });
    const again = await world.ok("UpdateStateMachine", update);
    expect(again).not.toHaveProperty("revisionId");
  });

  test("of concurrent updates none is lost half-way", async () => {
    const world = await openApi();
    await world.ok("CreateStateMachine", basics);
    const definitions = Array.from({ length: 8 }, (_, Comment) =>
      machine({ ...pass, Comment: `${Comment}` }),
    );
    const update = (text: string): Promise<object> =>
      world.ok("UpdateStateMachine", { stateMachineArn: arn, definition: text, publish: true });
    await Promise.all(definitions.map(update));
    const { stateMachineVersions } = await world.ok("ListStateMachineVersions", { stateMachineArn: arn });
    const texts = await Promise.all(
      (stateMachineVersions as { stateMachineVersionArn: string }[]).map(
        async ({ stateMachineVersionArn }) =>
          (await world.ok("DescribeStateMachine", { stateMachineArn: stateMachineVersionArn }))
            .definition as string,
      ),
    );
    expect(texts.toSorted()).toEqual(definitions.toSorted());
  });

  test("refuses unknown machines and nothing to change", async () => {
    const world = await openApi();
    const missing = `StateMachineDoesNotExist: State Machine Does Not Exist: '${arn}'`;
    expect(await world.refusal("UpdateStateMachine", { stateMachineArn: arn, definition })).toBe(missing);
    await world.ok("CreateStateMachine", basics);
    expect(await world.refusal("UpdateStateMachine", { stateMachineArn: arn, publish: true })).toMatch(
      /^MissingRequiredParameter: /u,
    );
  });
});

describe("DescribeStateMachine and the others", () => {
  test("keep what was configured", async () => {
    const world = await openApi();
    const configured = {
      loggingConfiguration: {
        destinations: [
          { cloudWatchLogsLogGroup: { logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:g:*" } },
        ],
        includeExecutionData: true,
        level: "ALL",
      },
      tracingConfiguration: { enabled: true },
      encryptionConfiguration: {
        kmsDataKeyReusePeriodSeconds: 300,
        type: "CUSTOMER_MANAGED_KMS_KEY",
        kmsKeyId: "alias/key",
      },
    };
    await world.ok("CreateStateMachine", { ...basics, type: "EXPRESS", ...configured });
    const found = await world.ok("DescribeStateMachine", { stateMachineArn: arn });
    expect(found).toMatchObject({ ...configured, type: "EXPRESS", status: "ACTIVE", name: "m" });
    const metadata = await world.ok("DescribeStateMachine", {
      stateMachineArn: arn,
      includedData: "METADATA_ONLY",
    });
    expect(metadata).not.toHaveProperty("definition");
  });

  test("ListStateMachines has pages", async () => {
    const world = await openApi();
    const names = Array.from({ length: 7 }, (_, index) => `m${index}`);
    for (const name of names) await world.ok("CreateStateMachine", { ...basics, name });
    const found = (await pages(world, "ListStateMachines", { maxResults: 3 })) as {
      stateMachines: { name: string }[];
    }[];
    expect(found.map(({ stateMachines }) => stateMachines.length)).toEqual([3, 3, 1]);
    expect(found.flatMap(({ stateMachines }) => stateMachines.map(({ name }) => name))).toEqual(names);
    const elsewhere = await world.ok("ListStateMachines", { maxResults: 1 });
    const { nextToken } = elsewhere as { nextToken: string };
    for (const token of [nextToken, "x", "bnVsbA"]) {
      const operation = token === nextToken ? "ListActivities" : "ListStateMachines";
      expect(await world.refusal(operation, { nextToken: token })).toBe(
        "InvalidToken: Invalid Token: 'Invalid token'",
      );
    }
  });

  test("DeleteStateMachine ends its executions, and its name can be used again", async () => {
    const world = await openApi();
    await world.ok("CreateStateMachine", { ...basics, definition: machine({ Type: "Wait", Seconds: 600 }) });
    const { executionArn } = await world.ok("StartExecution", { stateMachineArn: arn });
    await world.ok("DeleteStateMachine", { stateMachineArn: arn });
    expect((await world.ok("DescribeExecution", { executionArn })).status).toBe("ABORTED");
    expect(await world.refusal("DescribeStateMachine", { stateMachineArn: arn })).toMatch(
      /^StateMachineDoesNotExist/u,
    );
    expect(await world.refusal("StartExecution", { stateMachineArn: arn })).toMatch(
      /^StateMachineDoesNotExist/u,
    );
    expect(await world.ok("DeleteStateMachine", { stateMachineArn: arn })).toEqual({});
    expect(await world.store.records.list("step-functions/revisions", { limit: 9 })).toEqual([]);
    await world.ok("CreateStateMachine", { ...basics, definition: other });
    expect(await world.ok("ListExecutions", { stateMachineArn: arn })).toEqual({ executions: [] });
    // The execution is still known, though its machine is another one now.
    expect((await world.ok("DescribeStateMachineForExecution", { executionArn })).definition).toContain(
      "Wait",
    );
  });

  test.each([
    "nothing",
    "arn:aws:states:us-east-1:123456789012",
    "arn:aws:lambda:us-east-1:123456789012:function:f",
  ])("the ARN %s is none", async (text) => {
    const world = await openApi();
    const refusal = `InvalidArn: Invalid Arn: 'Invalid ARN prefix: ${text}'`;
    expect(await world.refusal("DescribeStateMachine", { stateMachineArn: text })).toBe(refusal);
    expect(await world.refusal("GetExecutionHistory", { executionArn: text })).toBe(refusal);
  });

  test("ValidateStateMachineDefinition lists what is wrong", async () => {
    const world = await openApi();
    expect(await world.ok("ValidateStateMachineDefinition", { definition })).toEqual({
      result: "OK",
      diagnostics: [],
      truncated: false,
    });
    const wrong = JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass" }, B: { Type: "Pass" } } });
    const all = await world.ok("ValidateStateMachineDefinition", { definition: wrong });
    expect(all.result).toBe("FAIL");
    expect(all.diagnostics.length).toBeGreaterThan(1);
    const one = await world.ok("ValidateStateMachineDefinition", { definition: wrong, maxResults: 1 });
    expect(one).toEqual({ result: "FAIL", diagnostics: [all.diagnostics[0]], truncated: true });
  });
});
