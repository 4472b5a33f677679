/** The parameters of all operations (AWS Step Functions API Reference, "Actions"). */
import type { Fields, Shape } from "./shape.ts";

const text: Shape = { kind: "text" };
const arn: Shape = { kind: "text", min: 1, max: 256 };
const longArn: Shape = { kind: "text", min: 1, max: 2000 };
const name: Shape = { kind: "text", min: 1, max: 80 };
const description: Shape = { kind: "text", max: 256 };
const nextToken: Shape = { kind: "text", min: 1, max: 1024 };
const maxResults: Shape = { kind: "number", min: 0, max: 1000 };
const taskToken: Shape = { kind: "text", min: 1, max: 2048 };
const error: Shape = { kind: "text", max: 256 };
const cause: Shape = { kind: "text", max: 32_768 };
const definition: Shape = { kind: "text", min: 1, max: 1_048_576 };
const traceHeader: Shape = { kind: "text", max: 80 };
const machineType: Shape = { kind: "text", oneOf: ["STANDARD", "EXPRESS"] };
const includedData: Shape = { kind: "text", oneOf: ["ALL_DATA", "METADATA_ONLY"] };
const flag: Shape = { kind: "flag" };

const tags: Shape = {
  kind: "list",
  of: {
    kind: "object",
    fields: { key: { kind: "text", min: 1, max: 128 }, value: { kind: "text", max: 256 } },
  },
};

const logging: Shape = {
  kind: "object",
  fields: {
    level: { kind: "text", oneOf: ["ALL", "ERROR", "FATAL", "OFF"] },
    includeExecutionData: flag,
    destinations: {
      kind: "list",
      of: {
        kind: "object",
        fields: { cloudWatchLogsLogGroup: { kind: "object", fields: { logGroupArn: arn } } },
      },
    },
  },
};

const encryption: Shape = {
  kind: "object",
  fields: {
    "type!": { kind: "text", oneOf: ["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"] },
    kmsKeyId: { kind: "text", min: 1, max: 2048 },
    kmsDataKeyReusePeriodSeconds: { kind: "number", min: 60, max: 900 },
  },
};

const configuration: Fields = {
  loggingConfiguration: logging,
  tracingConfiguration: { kind: "object", fields: { enabled: flag } },
  encryptionConfiguration: encryption,
  publish: flag,
  versionDescription: description,
};

/** Of an alias. AWS shows the pattern as it is here. */
const aliasName: Shape = {
  kind: "text",
  min: 1,
  max: 80,
  // oxlint-disable-next-line no-useless-escape -- the text of the pattern is part of the error's message
  pattern: /^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$/,
};

const routing: Shape = {
  kind: "list",
  min: 1,
  max: 2,
  of: {
    kind: "object",
    fields: { "stateMachineVersionArn!": longArn, "weight!": { kind: "number", min: 0, max: 100 } },
  },
};

const mock: Shape = {
  kind: "object",
  fields: {
    result: text,
    errorOutput: { kind: "object", fields: { error: text, cause: text } },
    fieldValidationMode: text,
  },
};

const stateConfiguration: Shape = {
  kind: "object",
  fields: {
    retrierRetryCount: { kind: "number" },
    mapIterationFailureCount: { kind: "number" },
    errorCausedByState: text,
    mapItemReaderData: text,
  },
};

const page: Fields = { maxResults, nextToken };
const ofMachine: Fields = { "stateMachineArn!": arn };
const ofExecution: Fields = { "executionArn!": arn };
const start: Fields = { "stateMachineArn!": arn, name, input: text, traceHeader };

export const shapes: Readonly<Record<string, Fields>> = {
  CreateStateMachine: {
    "name!": name,
    "definition!": definition,
    "roleArn!": arn,
    type: machineType,
    tags,
    ...configuration,
  },
  UpdateStateMachine: { ...ofMachine, definition, roleArn: arn, ...configuration },
  DescribeStateMachine: { ...ofMachine, includedData },
  DeleteStateMachine: ofMachine,
  ListStateMachines: page,
  DescribeStateMachineForExecution: { ...ofExecution, includedData },
  ValidateStateMachineDefinition: {
    "definition!": definition,
    type: machineType,
    severity: { kind: "text", oneOf: ["ERROR", "WARNING"] },
    maxResults: { kind: "number", min: 0, max: 100 },
  },
  PublishStateMachineVersion: { ...ofMachine, revisionId: text, description },
  DeleteStateMachineVersion: { "stateMachineVersionArn!": longArn },
  ListStateMachineVersions: { ...ofMachine, ...page },
  CreateStateMachineAlias: { description, "name!": aliasName, "routingConfiguration!": routing },
  DescribeStateMachineAlias: { "stateMachineAliasArn!": arn },
  UpdateStateMachineAlias: { "stateMachineAliasArn!": arn, description, routingConfiguration: routing },
  DeleteStateMachineAlias: { "stateMachineAliasArn!": arn },
  ListStateMachineAliases: { ...ofMachine, ...page },
  StartExecution: start,
  StartSyncExecution: { ...start, includedData },
  StopExecution: { ...ofExecution, error, cause },
  DescribeExecution: { ...ofExecution, includedData },
  GetExecutionHistory: {
    ...ofExecution,
    maxResults,
    nextToken: { kind: "text", min: 1, max: 3096 },
    reverseOrder: flag,
    includeExecutionData: flag,
  },
  ListExecutions: {
    stateMachineArn: arn,
    mapRunArn: longArn,
    statusFilter: {
      kind: "text",
      oneOf: ["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"],
    },
    redriveFilter: { kind: "text", oneOf: ["REDRIVEN", "NOT_REDRIVEN"] },
    maxResults,
    nextToken: { kind: "text", min: 1, max: 3096 },
  },
  RedriveExecution: { ...ofExecution, clientToken: { kind: "text", min: 1, max: 64 } },
  CreateActivity: { "name!": name, tags, encryptionConfiguration: encryption },
  DescribeActivity: { "activityArn!": arn },
  DeleteActivity: { "activityArn!": arn },
  ListActivities: page,
  GetActivityTask: { "activityArn!": arn, workerName: name },
  SendTaskSuccess: { "taskToken!": taskToken, "output!": text },
  SendTaskFailure: { "taskToken!": taskToken, error, cause },
  SendTaskHeartbeat: { "taskToken!": taskToken },
  DescribeMapRun: { "mapRunArn!": longArn },
  ListMapRuns: { ...ofExecution, ...page },
  UpdateMapRun: {
    "mapRunArn!": longArn,
    maxConcurrency: { kind: "number", min: 0 },
    toleratedFailureCount: { kind: "number", min: 0 },
    toleratedFailurePercentage: { kind: "number", min: 0, max: 100, whole: false },
  },
  TagResource: { "resourceArn!": arn, "tags!": tags },
  UntagResource: {
    "resourceArn!": arn,
    "tagKeys!": { kind: "list", of: { kind: "text", min: 1, max: 128 } },
  },
  ListTagsForResource: { "resourceArn!": arn },
  TestState: {
    "definition!": definition,
    roleArn: arn,
    // Here only their types: what they may be depends on the state, and is for whoever tests states.
    input: text,
    inspectionLevel: text,
    revealSecrets: flag,
    variables: text,
    stateName: text,
    mock,
    context: text,
    stateConfiguration,
  },
};
