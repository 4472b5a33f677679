/** Activities of Step Functions: tasks that workers fetch. */
import { RunClosedError, RunNotFoundError, UpdateRejectedError } from "../../core/errors.ts";
import { runOfToken, takeUpdate } from "../../notations/asl/execution.ts";
import { activityDoesNotExist } from "./api-error.ts";
import { activityArn, parseArn } from "./arn.ts";
import { checkEncryption, ownedKey } from "./configuration.ts";
import type { Activity, Tag } from "./documents.ts";
import { checkName } from "./names.ts";
import { pageSize } from "./params.ts";
import { type Operations, seconds, type Service } from "./service.ts";
import { checkTags } from "./tags.ts";
import { placeOf, tokenFor } from "./tokens.ts";

/** How long a worker waits for a task. */
const pollMs = 60_000;

export const activityOperations: Operations = {
  CreateActivity: async (service, params) => {
    const name = params.text("name");
    checkName(name);
    const activity: Activity = {
      arn: activityArn(service.home, name),
      name,
      creationDate: service.now(),
      encryptionConfiguration: checkEncryption(params.object("encryptionConfiguration") ?? ownedKey),
      tags: checkTags([], (params.list("tags") ?? []) as readonly Tag[]),
    };
    // A repeat finds the one that is there, whatever its tags are.
    const { arn, creationDate } = (await service.activities.add(activity.arn, activity)) ?? activity;
    return { activityArn: arn, creationDate: seconds(creationDate) };
  },

  DescribeActivity: async (service, params) => {
    const { text } = parseArn(params.text("activityArn"), ["activity"]);
    const { arn, name, creationDate, encryptionConfiguration } = await found(service, text);
    return { activityArn: arn, name, creationDate: seconds(creationDate), encryptionConfiguration };
  },

  DeleteActivity: async (service, params) => {
    await service.activities.remove(parseArn(params.text("activityArn"), ["activity"]).text);
    return {};
  },

  ListActivities: async (service, params) => {
    const after = placeOf<string>(params, "activities", "string");
    const { items, next } = await service.activities.page({ after, limit: pageSize(params) });
    const activities = items.map(({ arn, name, creationDate }) => ({
      activityArn: arn,
      name,
      creationDate: seconds(creationDate),
    }));
    return { activities, ...(next === undefined ? {} : { nextToken: tokenFor("activities", next) }) };
  },

  GetActivityTask: async (service, params, { signal }) => {
    const { text } = parseArn(params.text("activityArn"), ["activity"]);
    await found(service, text);
    const take = (taskToken: string): ReturnType<typeof taken> =>
      taken(service, taskToken, params.optional("workerName"));
    const task = await service.broker.poll({ activityArn: text, waitMs: pollMs, signal, take });
    return task ?? {};
  },
};

/** @throws ApiError ActivityDoesNotExist */
async function found(service: Service, arn: string): Promise<Activity> {
  const activity = await service.activities.get(arn);
  if (activity === undefined) throw activityDoesNotExist(arn);
  return activity;
}

/** The task is this worker's as soon as its run has noted it; undefined: it is over, or another's. */
async function taken(
  service: Service,
  taskToken: string,
  workerName: string | undefined,
): Promise<{ readonly input: string } | undefined> {
  try {
    return await service.client
      .get(runOfToken(taskToken) ?? "")
      .update(takeUpdate, { taskToken, workerName });
  } catch (error) {
    const over =
      error instanceof UpdateRejectedError ||
      error instanceof RunClosedError ||
      error instanceof RunNotFoundError;
    if (over) return undefined;
    throw error;
  }
}
