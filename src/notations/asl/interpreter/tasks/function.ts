import type { Json } from "../../json.ts";
import type { Resource } from "../resource.ts";
import type { Attempt } from "../states/task.ts";
import { hop, msOf, noted, taskCall } from "./call.ts";

/** A Lambda function, called by its ARN. */
export async function callFunction(
  attempt: Attempt<Extract<Resource, { readonly kind: "function" }>>,
): Promise<Json> {
  const { run, resource, input, limits, events } = attempt;
  events.scheduled(input, limits);
  const { world } = run.execution;
  const answer = world.invoke(run.name, taskCall(run, resource.arn, input), msOf(limits.timeout));
  await hop();
  events.started();
  return await noted(attempt, async () => {
    const output = await answer;
    run.checkSize(output, resource.arn);
    events.succeeded(output);
    return output;
  });
}
