import { describe, expect, test } from "vitest";
import { machine, openApi, role, type World } from "./world.ts";

const arn = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

/** A machine with two versions, of which each says its number. */
async function twoVersions(random = { value: 0 }): Promise<World> {
  const world = await openApi({ random: () => random.value });
  const definition = (version: number): string => machine({ Type: "Pass", Result: { version } });
  await world.ok("CreateStateMachine", {
    name: "m",
    roleArn: role,
    definition: definition(1),
    publish: true,
    versionDescription: "the first",
  });
  await world.ok("UpdateStateMachine", { stateMachineArn: arn, definition: definition(2), publish: true });
  await world.ok("UpdateStateMachine", { stateMachineArn: arn, definition: definition(3) });
  return world;
}

function route(version: number, weight = 100): object {
  return { stateMachineVersionArn: `${arn}:${version}`, weight };
}

describe("versions", () => {
  test("stay what they were, newest first in lists, with numbers that are never given again", async () => {
    const world = await twoVersions();
    expect(await world.ok("DescribeStateMachine", { stateMachineArn: `${arn}:1` })).toMatchObject({
      stateMachineArn: `${arn}:1`,
      description: "the first",
      definition: machine({ Type: "Pass", Result: { version: 1 } }),
    });
    await world.ok("DeleteStateMachineVersion", { stateMachineVersionArn: `${arn}:2` });
    expect(await world.ok("DeleteStateMachineVersion", { stateMachineVersionArn: `${arn}:2` })).toEqual({});
    const { stateMachineVersionArn } = await world.ok("PublishStateMachineVersion", { stateMachineArn: arn });
    expect(stateMachineVersionArn).toBe(`${arn}:3`);
    const first = await world.ok("ListStateMachineVersions", { stateMachineArn: arn, maxResults: 1 });
    expect(first.stateMachineVersions).toMatchObject([{ stateMachineVersionArn: `${arn}:3` }]);
    const next = { stateMachineArn: arn, nextToken: first.nextToken as string };
    expect(await world.ok("ListStateMachineVersions", next)).toEqual({
      stateMachineVersions: [
        { stateMachineVersionArn: `${arn}:1`, creationDate: expect.any(Number) as number },
      ],
    });
    expect(await world.refusal("StartExecution", { stateMachineArn: `${arn}:2` })).toBe(
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${arn}:2'`,
    );
  });

  test("are published only from the revision that was meant", async () => {
    const world = await twoVersions();
    const { revisionId } = await world.ok("DescribeStateMachine", { stateMachineArn: arn });
    expect(await world.refusal("PublishStateMachineVersion", { stateMachineArn: arn, revisionId: "x" })).toBe(
      `ConflictException: Failed to publish the State Machine version for revision x. The current State Machine revision is ${revisionId}.`,
    );
    const published = await world.ok("PublishStateMachineVersion", { stateMachineArn: arn, revisionId });
    expect(published.stateMachineVersionArn).toBe(`${arn}:3`);
  });

  test("are what executions that were started through them run", async () => {
    const world = await twoVersions();
    const { executionArn } = await world.ok("StartExecution", { stateMachineArn: `${arn}:1` });
    expect(await world.ended(executionArn)).toMatchObject({
      output: '{"version":1}',
      stateMachineArn: arn,
      stateMachineVersionArn: `${arn}:1`,
    });
    await world.ok("StartExecution", { stateMachineArn: arn });
    const { executions } = await world.ok("ListExecutions", { stateMachineArn: `${arn}:1` });
    expect(executions).toMatchObject([{ executionArn }]);
  });
});

describe("aliases", () => {
  test("lead to their versions by weight", async () => {
    const random = { value: 0 };
    const world = await twoVersions(random);
    const routingConfiguration = [route(1, 30), route(2, 70)];
    await world.ok("CreateStateMachineAlias", { name: "live", routingConfiguration });
    const outputs: unknown[] = [];
    for (random.value of [0, 0.299, 0.3, 0.999]) {
      const { executionArn } = await world.ok("StartExecution", { stateMachineArn: `${arn}:live` });
      const { output, stateMachineAliasArn, stateMachineVersionArn } = await world.ended(executionArn);
      expect(stateMachineAliasArn).toBe(`${arn}:live`);
      outputs.push([output, stateMachineVersionArn]);
    }
    const [one, two] = [1, 2].map((version) => [`{"version":${version}}`, `${arn}:${version}`]);
    expect(outputs).toEqual([one, one, two, two]);
    const { executions } = await world.ok("ListExecutions", { stateMachineArn: `${arn}:live` });
    expect(executions).toHaveLength(4);
    expect(await world.ok("DescribeStateMachine", { stateMachineArn: `${arn}:live` })).toMatchObject({
      stateMachineArn: `${arn}:live`,
    });
  });

  test("have a life of their own", async () => {
    const world = await twoVersions();
    const stateMachineAliasArn = `${arn}:live`;
    await world.ok("CreateStateMachineAlias", { name: "live", routingConfiguration: [route(1)] });
    const update = { stateMachineAliasArn, description: "now two", routingConfiguration: [route(2)] };
    await world.ok("UpdateStateMachineAlias", update);
    const described = await world.ok("DescribeStateMachineAlias", { stateMachineAliasArn });
    expect(described).toMatchObject({
      name: "live",
      description: "now two",
      routingConfiguration: [route(2)],
    });
    const ofOne = await world.ok("ListStateMachineAliases", { stateMachineArn: `${arn}:1` });
    expect(ofOne).toEqual({ stateMachineAliases: [] });
    expect(await world.refusal("DeleteStateMachineVersion", { stateMachineVersionArn: `${arn}:2` })).toBe(
      "ConflictException: Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [live]",
    );
    await world.ok("DeleteStateMachineAlias", { stateMachineAliasArn });
    const gone = "ResourceNotFound: Request references a resource that does not exist.";
    for (const operation of ["DescribeStateMachineAlias", "DeleteStateMachineAlias"])
      expect(await world.refusal(operation, { stateMachineAliasArn })).toBe(gone);
    expect(await world.refusal("UpdateStateMachineAlias", update)).toBe(gone);
  });

  test.each([
    [
      [route(1, 50)],
      "ValidationException: Sum of routing configuration weights must equal 100. Received: [50]",
    ],
    [
      [route(1, 50), route(1, 50)],
      "ValidationException: Routing configuration must contain distinct state machine version ARNs.",
    ],
    [[route(9)], "ResourceNotFound: Request references a resource that does not exist."],
    [
      [],
      "ValidationException: 1 validation error detected: Value '[]' at 'routingConfiguration' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      [{ weight: 100 }],
      "ValidationException: 1 validation error detected: Value null at 'routingConfiguration.1.member.stateMachineVersionArn' failed to satisfy constraint: Member must not be null",
    ],
  ])("with the routes %j are refused", async (routingConfiguration, refusal) => {
    const world = await twoVersions();
    const given = { name: "live", routingConfiguration };
    expect(await world.refusal("CreateStateMachineAlias", given)).toContain(refusal);
  });
});

test("tags are added, replaced and removed", async () => {
  const world = await twoVersions();
  const { activityArn } = await world.ok("CreateActivity", { name: "a", tags: [{ key: "x", value: "1" }] });
  for (const resourceArn of [arn, activityArn as string]) {
    await world.ok("TagResource", {
      resourceArn,
      tags: [
        { key: "x", value: "2" },
        { key: "y", value: "" },
      ],
    });
    await world.ok("TagResource", { resourceArn, tags: [{ key: "y", value: "3" }] });
    await world.ok("UntagResource", { resourceArn, tagKeys: ["x", "unknown"] });
    expect(await world.ok("ListTagsForResource", { resourceArn })).toEqual({
      tags: [{ key: "y", value: "3" }],
    });
    const tags = Array.from({ length: 50 }, (_, key) => ({ key: String(key), value: "" }));
    expect(await world.refusal("TagResource", { resourceArn, tags })).toBe("TooManyTags: Too many tags");
  }
  const unknown = "arn:aws:states:us-east-1:123456789012:activity:unknown";
  expect(await world.refusal("TagResource", { resourceArn: unknown, tags: [] })).toBe(
    `ResourceNotFound: Resource not found: '${unknown}'`,
  );
});
