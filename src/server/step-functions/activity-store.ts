/** Activities of Step Functions, by ARN. */
import type { Records } from "../../store/records.ts";
import type { Activity } from "./documents.ts";
import { Shelf } from "./shelf.ts";

export class ActivityStore extends Shelf<Activity> {
  constructor(records: Records) {
    super(records, "step-functions/activities");
  }
}

/** What a state machine asks before it offers a task: whether there is such an activity. */
export function activityFinder(records: Records): (arn: string) => Promise<boolean> {
  const activities = new ActivityStore(records);
  return async (arn) => (await activities.get(arn)) !== undefined;
}
