/**
 * The items of a map run as they were read before it was redriven: pages that the histories of its runs hold, as results of the activities that read them.
 * A redrive works on the same items, whatever has become of their source (Developer Guide, "Scenarios of input used on Map Run redrive").
 */
import type { ActivityScheduled } from "../../core/events.ts";
import { decodePayload } from "../../core/payload.ts";
import { itemActivities } from "../../notations/asl/execution.ts";
import type { ItemsBefore, ItemsBeforeCall, ItemsPage, PageBefore } from "../../notations/asl/task-host.ts";
import type { Service } from "./service.ts";

type Parts = Pick<Service, "client" | "executions">;

/** The next page; undefined: no more was read. @throws RunNotFoundError when a run is gone */
export async function itemsBefore(
  parts: Parts,
  { mapRunArn, place }: ItemsBeforeCall,
): Promise<ItemsBefore | undefined> {
  let here: PageBefore | undefined = place;
  while (here !== undefined) {
    const page = await pageIn(parts, mapRunArn, here);
    if (page !== undefined) return page;
    here = here.origin ?? (await earlier(parts, here));
  }
  return undefined;
}

/** A run that had read nothing yet leaves it to the one that it was redriven from. */
async function earlier({ executions }: Parts, { run, from }: PageBefore): Promise<PageBefore | undefined> {
  const { resume } = from === 1 ? await executions.runs.input(run) : {};
  return resume === undefined ? undefined : { run: resume.run, from: 1 };
}

async function pageIn(
  { client }: Parts,
  mapRunArn: string,
  { run, from }: PageBefore,
): Promise<ItemsBefore | undefined> {
  let read: number | undefined;
  for await (const event of client.get(run).history({ from })) {
    if (event.type === "activity_scheduled" && isRead(event, mapRunArn)) read = event.ref;
    if (event.type !== "activity_completed" || event.ref !== read || event.result === undefined) continue;
    const { items, cursor, next } = decodePayload(event.result) as ItemsPage & Partial<ItemsBefore>;
    // If that run had the page from before itself, there may be more where it came from.
    return { items, cursor, next: { run, from: event.seq + 1, origin: next } };
  }
  return undefined;
}

/** True if the event asks for a page of the map run's items. They are asked for one after the other. */
function isRead({ name, input }: ActivityScheduled, mapRunArn: string): boolean {
  if (name !== itemActivities.read && name !== itemActivities.reread) return false;
  const [call] = decodePayload(input) as { readonly mapRunArn?: string }[];
  return call?.mapRunArn === mapRunArn;
}
