/** Checks the Task state: its resource and its times. */
import { isObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
import { field, oneOfFields, pathOnly, required } from "./fields.ts";
import type { Fields, Rule } from "./fields.ts";
import type { Place } from "./place.ts";
import { objectTemplate } from "./template.ts";
import * as values from "./values.ts";

const arn = /^arn:[\w-]+:[\w-]+:[^:\s]*:[^:\s]*:\S+$/u;
const lambdaArn = /^arn:[\w-]+:lambda:[^:\s]*:[^:\s]*:function:[\w-]+(:(?:\$LATEST|[\w-]+))?$/u;
const activityArn = /^arn:[\w-]+:states:[^:\s]*:[^:\s]*:activity:/u;
const integrationArn =
  /^arn:[\w-]+:states:[^:\s]*:[^:\s]*:[\w-]+:[\w:-]+?(?:(\.sync)(?::\d+)?|(\.waitForTaskToken))$/u;

/** Services that answer at once, and so have no job to wait for. */
const withoutJobs = /:(?:lambda|sns|sqs|dynamodb|events|apigateway|aws-sdk:[\w-]+):\w+\.sync(:2)?$/u;

const resource: Rule = (value, at) => {
  if (typeof value !== "string") return at.error("Expected value of type [STRING]");
  if (!arn.test(value) || (/^arn:[\w-]+:lambda:/u.test(value) && !lambdaArn.test(value)))
    return at.error("Value is not a valid resource ARN");
  if (withoutJobs.test(value))
    return at.error(
      `The resource provided ${value} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`,
    );
  if (at.around.express) checkExpress(value, at);
};

/** EXPRESS machines have neither activities nor tasks that wait for something. */
function checkExpress(value: string, at: Place): void {
  if (activityArn.test(value)) return at.error("Express state machine does not support Activity ARN");
  const [, job, token] = integrationArn.exec(value) ?? [];
  const pattern = job ?? token;
  // AWS's text ends with a space.
  if (pattern !== undefined)
    at.error(`Express state machine does not support '${pattern}' service integration `);
}

const credentials: Rule = (value, at) => {
  if (isObject(value)) objectTemplate(value, at);
  else at.error("Expected value of type [OBJECT]");
};

const seconds: Rule = values.number({ min: 1, max: 99_999_999, expression: true });

/** Fields of their own. */
export const taskFields: Fields = {
  Resource: required(resource),
  Credentials: field(credentials),
  TimeoutSeconds: field(seconds),
  TimeoutSecondsPath: pathOnly(values.pathOrCall),
  HeartbeatSeconds: field(seconds),
  HeartbeatSecondsPath: pathOnly(values.pathOrCall),
};

/** What the fields must be to each other. */
export function checkTask(state: JsonObject, at: Place): void {
  oneOfFields(state, at, { names: ["TimeoutSeconds", "TimeoutSecondsPath"] });
  oneOfFields(state, at, { names: ["HeartbeatSeconds", "HeartbeatSecondsPath"] });
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (typeof timeout === "number" && typeof heartbeat === "number" && heartbeat >= timeout)
    at.field("HeartbeatSeconds").error("HeartbeatSeconds must be smaller than TimeoutSeconds");
}
