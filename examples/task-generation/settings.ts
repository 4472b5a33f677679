/** What the environment says about the example. Each setting has a default that needs nothing but this folder. */
import path from "node:path";
import { ValidationError } from "./errors.ts";
import type { ModelSettings } from "./generation/model.ts";
import type { Weather } from "./generation/simulated.ts";

export interface Settings {
  /** `sqlite:FILE` or `postgres://…`. */
  readonly database: string;
  /** An empty database gets the goals of the seed. */
  readonly seed: boolean;
  readonly model?: ModelSettings | undefined;
  /** Simulated delays and errors, for the demo and tests. */
  readonly weather?: Weather | undefined;
  readonly notifications: NotificationSettings;
  /** Logs go to this file; undefined: to standard error, where Lambda and other collectors look for them. */
  readonly logFile?: string | undefined;
  /** Metrics in CloudWatch's embedded format go to this file; default: nowhere. */
  readonly metricsFile?: string | undefined;
}

/** Where notifications go: to the webhook and the topic if there are any, else to the file. */
export interface NotificationSettings {
  readonly webhook?: string | undefined;
  readonly topicArn?: string | undefined;
  /** Instead of the region's own SNS endpoint. */
  readonly snsEndpoint?: string | undefined;
  readonly file: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const folder = ".task-generation";

/** @throws ValidationError if settings contradict each other */
export function readSettings(environment: Environment): Settings {
  const get = (name: string): string | undefined => {
    const value = environment[`TASKS_${name}`];
    return value === "" ? undefined : value;
  };
  const database = get("DATABASE");
  const weather = get("SIMULATED_WEATHER");
  return {
    database: database ?? `sqlite:${path.join(folder, "tasks.db")}`,
    seed: database === undefined || get("SEED") === "1",
    model: readModel(get, environment),
    weather: weather === undefined ? undefined : (JSON.parse(weather) as Weather),
    notifications: {
      webhook: url(get, "WEBHOOK_URL"),
      topicArn: get("SNS_TOPIC_ARN"),
      snsEndpoint: url(get, "SNS_ENDPOINT"),
      file: get("NOTIFICATIONS_FILE") ?? path.join(folder, "notifications.jsonl"),
    },
    logFile: logFile(get("LOG_FILE"), environment),
    metricsFile: get("METRICS_FILE"),
  };
}

/** `-` is standard error. Without a wish, a terminal stays free for the display of the run; on Lambda there is none. */
function logFile(wish: string | undefined, environment: Environment): string | undefined {
  const onLambda = environment["AWS_LAMBDA_FUNCTION_NAME"] !== undefined;
  if (wish === "-" || (wish === undefined && onLambda)) return undefined;
  return wish ?? path.join(folder, "log.jsonl");
}

function readModel(
  get: (name: string) => string | undefined,
  environment: Environment,
): ModelSettings | undefined {
  const bedrock = get("BEDROCK_MODEL");
  const endpoint = url(get, "MODEL_URL");
  const model = get("MODEL");
  if (bedrock !== undefined && endpoint !== undefined)
    throw new ValidationError("Set TASKS_BEDROCK_MODEL or TASKS_MODEL_URL, not both.");
  if (bedrock !== undefined) {
    const region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"];
    if (region === undefined) throw new ValidationError("TASKS_BEDROCK_MODEL needs AWS_REGION.");
    return { kind: "bedrock", model: bedrock, region, url: url(get, "BEDROCK_URL") };
  }
  if (endpoint === undefined && model === undefined) return undefined;
  if (endpoint === undefined || model === undefined)
    throw new ValidationError("TASKS_MODEL_URL and TASKS_MODEL must be set together.");
  return { kind: "openai-compatible", url: endpoint, model, key: get("MODEL_KEY") };
}

function url(get: (name: string) => string | undefined, name: string): string | undefined {
  const value = get(name);
  if (value === undefined) return undefined;
  if (!URL.canParse(value) || !/^https?:$/u.test(new URL(value).protocol))
    throw new ValidationError(`TASKS_${name} must be an http or https URL.`);
  return value;
}
