/**
 * The same workflow on AWS: `workflow.asl.json` as it is, with the ARNs of this stack's functions and topic in place of those that it names.
 *
 * The functions are the exports of `handlers/index.ts`, bundled to one file. SQLite has no place on Lambda: give the URL of a PostgreSQL database.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { Duration, Stack } from "aws-cdk-lib";
import type { StackProps } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as sns from "aws-cdk-lib/aws-sns";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";

const name = "TaskGenerationWorkflow";
const definitionFile = path.join(import.meta.dirname, "..", "workflow.asl.json");
const functionPrefix = "arn:aws:lambda:us-east-1:123456789012:function:";
const topicArn = "arn:aws:sns:us-east-1:123456789012:TaskGenerationNotifications";

export interface TaskGenerationProps extends StackProps {
  /** The bundle; its file is `index.mjs`. */
  readonly code: lambda.Code;
  /** `postgres://…`; better a reference to a secret than the text itself. */
  readonly databaseUrl: string;
  /** A Bedrock model, such as `amazon.nova-lite-v1:0`; without one the rule-based generator makes the tasks. */
  readonly bedrockModel?: string;
}

export class TaskGenerationStack extends Stack {
  readonly stateMachine: sfn.StateMachine;
  readonly functions: ReadonlyMap<string, lambda.Function>;

  constructor(scope: Construct, id: string, props: TaskGenerationProps) {
    super(scope, id, props);
    const definition = readFileSync(definitionFile, "utf8");
    const topic = new sns.Topic(this, "TaskGenerationNotifications");
    this.functions = new Map(
      namesIn(definition).map((functionName) => [functionName, this.#function(functionName, props)]),
    );
    let text = definition.replaceAll(topicArn, topic.topicArn);
    for (const [functionName, { functionArn }] of this.functions)
      text = text.replaceAll(`"${functionPrefix}${functionName}"`, JSON.stringify(functionArn));
    this.stateMachine = new sfn.StateMachine(this, name, {
      stateMachineName: name,
      definitionBody: sfn.DefinitionBody.fromString(text),
      timeout: Duration.minutes(15),
    });
    for (const called of this.functions.values()) called.grantInvoke(this.stateMachine);
    topic.grantPublish(this.stateMachine);
    this.exportValue(this.stateMachine.stateMachineArn, { name: `${name}Arn` });
  }

  #function(functionName: string, { code, databaseUrl, bedrockModel }: TaskGenerationProps): lambda.Function {
    const asks = functionName === "TaskGenerationFunction";
    const made = new lambda.Function(this, functionName, {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: `index.${functionName}`,
      code,
      // A little more than the state machine waits, so that it is the one that gives up.
      timeout: Duration.seconds(asks ? 130 : 70),
      memorySize: 512,
      environment: {
        TASKS_DATABASE: databaseUrl,
        ...(bedrockModel === undefined ? {} : { TASKS_BEDROCK_MODEL: bedrockModel }),
      },
    });
    if (asks && bedrockModel !== undefined)
      made.addToRolePolicy(new iam.PolicyStatement({ actions: ["bedrock:InvokeModel"], resources: ["*"] }));
    return made;
  }
}

/** The functions that the definition names. */
function namesIn(definition: string): readonly string[] {
  const found = definition.matchAll(new RegExp(`"${functionPrefix}(\\w+)"`, "gu"));
  return [...new Set([...found].map(([, functionName = ""]) => functionName))];
}
