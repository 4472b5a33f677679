/** A valid call of every operation but GetActivityTask, which waits; and a server that has what they name. */
import type { JsonObject } from "../../../src/notations/asl/json.ts";
import { openReal, type Real } from "./real/real.ts";
import { machine, pass, role } from "./world.ts";

const states = "arn:aws:states:us-east-1:123456789012";
const stateMachineArn = `${states}:stateMachine:m`;
const executionArn = `${states}:execution:m:e`;
const activityArn = `${states}:activity:a`;
const mapRunArn = `${states}:mapRun:m/l:i`;
const definition = machine(pass);

/** As if the API had given it. */
function nextToken(subject: string, place: string | number): string {
  return Buffer.from(JSON.stringify([subject, place])).toString("base64url");
}

const tags = [{ key: "k", value: "v" }];
const encryptionConfiguration = {
  type: "CUSTOMER_MANAGED_KMS_KEY",
  kmsKeyId: "k",
  kmsDataKeyReusePeriodSeconds: 300,
};
const configuration = {
  loggingConfiguration: {
    level: "ALL",
    includeExecutionData: true,
    destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: "arn:aws:logs:us-east-1:1:log-group:g:*" } }],
  },
  tracingConfiguration: { enabled: true },
  encryptionConfiguration,
  publish: true,
  versionDescription: "d",
};
const routingConfiguration = [{ stateMachineVersionArn: `${stateMachineArn}:1`, weight: 100 }];
const stateMachineAliasArn = `${stateMachineArn}:alias`;
const taskToken = Buffer.from(JSON.stringify([executionArn, "t"])).toString("base64");
const oneTask = JSON.stringify({
  Type: "Task",
  Resource: "arn:aws:states:::aws-sdk:sfn:describeExecution",
  Retry: [{ ErrorEquals: ["E"] }],
  Catch: [{ ErrorEquals: ["E"], Next: "X" }],
  Next: "Y",
});

export const calls: readonly (readonly [operation: string, params: JsonObject])[] = [
  ["CreateStateMachine", { name: "n", definition, roleArn: role, type: "EXPRESS", tags, ...configuration }],
  ["UpdateStateMachine", { stateMachineArn, definition, roleArn: role, ...configuration }],
  ["DescribeStateMachine", { stateMachineArn: stateMachineAliasArn, includedData: "METADATA_ONLY" }],
  ["DeleteStateMachine", { stateMachineArn: `${states}:stateMachine:n` }],
  ["ListStateMachines", { maxResults: 1, nextToken: nextToken("machines", "a") }],
  ["DescribeStateMachineForExecution", { executionArn, includedData: "ALL_DATA" }],
  ["ValidateStateMachineDefinition", { definition, type: "EXPRESS", severity: "WARNING", maxResults: 2 }],
  ["PublishStateMachineVersion", { stateMachineArn, revisionId: "INITIAL", description: "d" }],
  ["DeleteStateMachineVersion", { stateMachineVersionArn: `${stateMachineArn}:7` }],
  ["ListStateMachineVersions", { stateMachineArn, nextToken: nextToken(`versions ${stateMachineArn}`, 3) }],
  ["CreateStateMachineAlias", { name: "alias", description: "d", routingConfiguration }],
  ["DescribeStateMachineAlias", { stateMachineAliasArn }],
  ["UpdateStateMachineAlias", { stateMachineAliasArn, description: "d", routingConfiguration }],
  ["DeleteStateMachineAlias", { stateMachineAliasArn: `${stateMachineArn}:other` }],
  ["ListStateMachineAliases", { stateMachineArn, nextToken: nextToken(`aliases ${stateMachineArn}`, 0) }],
  ["StartExecution", { stateMachineArn, name: "e", input: "{}", traceHeader: "t" }],
  ["StartSyncExecution", { stateMachineArn: `${states}:stateMachine:n`, name: "e", input: "{}" }],
  ["StopExecution", { executionArn, error: "E", cause: "c" }],
  ["DescribeExecution", { executionArn, includedData: "METADATA_ONLY" }],
  [
    "GetExecutionHistory",
    {
      executionArn,
      maxResults: 1,
      reverseOrder: true,
      includeExecutionData: false,
      nextToken: nextToken(`events reverse ${executionArn}`, 0.5),
    },
  ],
  [
    "ListExecutions",
    {
      stateMachineArn,
      statusFilter: "SUCCEEDED",
      redriveFilter: "NOT_REDRIVEN",
      nextToken: nextToken(`executions ${stateMachineArn} SUCCEEDED NOT_REDRIVEN`, 1e308),
    },
  ],
  ["ListExecutions", { mapRunArn, maxResults: 1 }],
  ["RedriveExecution", { executionArn, clientToken: "t" }],
  ["CreateActivity", { name: "a", tags, encryptionConfiguration }],
  ["DescribeActivity", { activityArn }],
  ["DeleteActivity", { activityArn: `${activityArn}b` }],
  ["ListActivities", { maxResults: 1, nextToken: nextToken("activities", "") }],
  ["SendTaskSuccess", { taskToken, output: "{}" }],
  ["SendTaskFailure", { taskToken, error: "E", cause: "c" }],
  ["SendTaskHeartbeat", { taskToken }],
  ["DescribeMapRun", { mapRunArn }],
  ["ListMapRuns", { executionArn, nextToken: nextToken(`map runs ${executionArn}`, -1) }],
  [
    "UpdateMapRun",
    { mapRunArn, maxConcurrency: 2, toleratedFailureCount: 1, toleratedFailurePercentage: 5.5 },
  ],
  ["TagResource", { resourceArn: activityArn, tags }],
  ["UntagResource", { resourceArn: stateMachineArn, tagKeys: ["k"] }],
  ["ListTagsForResource", { resourceArn: stateMachineArn }],
  ["TestState", { definition, stateName: "S0", input: "{}", inspectionLevel: "TRACE", variables: '{"v":1}' }],
  ...[{ result: "{}", fieldValidationMode: "NONE" }, { errorOutput: { error: "E", cause: "c" } }].map(
    (mock) =>
      [
        "TestState",
        {
          definition: oneTask,
          roleArn: role,
          mock,
          context: '{"Execution":{"Id":"x"}}',
          stateConfiguration: { retrierRetryCount: 1, errorCausedByState: "A" },
          revealSecrets: false,
        },
      ] as const,
  ),
];

/** A server on which the valid calls find what they name. */
export async function openWithAll(options: Parameters<typeof openReal>[0] = {}): Promise<Real> {
  const real = await openReal(options);
  await real.ok("CreateActivity", { name: "a" });
  await real.ok("CreateStateMachine", { name: "n", definition, roleArn: role, type: "EXPRESS" });
  await real.ok("CreateStateMachine", { name: "m", definition, roleArn: role, publish: true });
  await real.ok("CreateStateMachineAlias", { name: "alias", routingConfiguration });
  await real.ok("StartExecution", { stateMachineArn, name: "e" });
  await real.ended(executionArn);
  return real;
}
