/** Tags of state machines and activities. */
import { ApiError, resourceNotFound } from "./api-error.ts";
import { parseArn } from "./arn.ts";
import type { Tag } from "./documents.ts";
import type { Operations, Service } from "./service.ts";

/** AWS's quota. */
const mostTags = 50;

/** The tags with others added or set. @throws ApiError TooManyTags */
export function checkTags(before: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const tags = new Map([...before, ...added].map((tag) => [tag.key ?? "", tag]));
  if (tags.size > mostTags) throw new ApiError("TooManyTags", "Too many tags");
  return [...tags.values()];
}

/** Changes the tags of whatever the ARN names. @throws ApiError ResourceNotFound, InvalidArn */
async function changeTags(
  service: Service,
  text: string,
  change: (tags: readonly Tag[]) => readonly Tag[],
): Promise<readonly Tag[]> {
  const { type } = parseArn(text, ["stateMachine", "activity"]);
  const withTags = <T extends { readonly tags: readonly Tag[] }>(thing: T): T => {
    const tags = change(thing.tags);
    return tags === thing.tags ? thing : { ...thing, tags };
  };
  const missing = (): Error => resourceNotFound(`Resource not found: '${text}'`);
  if (type === "activity") {
    const changed = await service.activities.change(text, withTags);
    if (changed === undefined) throw missing();
    return changed.tags;
  }
  if ((await service.machines.find(text)) === undefined) throw missing();
  return (await service.machines.change(text, withTags)).tags;
}

export const tagOperations: Operations = {
  TagResource: async (service, params) => {
    const tags = (params.list("tags") ?? []) as readonly Tag[];
    await changeTags(service, params.text("resourceArn"), (before) =>
      tags.length === 0 ? before : checkTags(before, tags),
    );
    return {};
  },

  UntagResource: async (service, params) => {
    const keys = new Set(params.list("tagKeys"));
    await changeTags(service, params.text("resourceArn"), (before) =>
      before.filter(({ key }) => !keys.has(key)),
    );
    return {};
  },

  ListTagsForResource: async (service, params) => ({
    tags: await changeTags(service, params.text("resourceArn"), (before) => before),
  }),
};
