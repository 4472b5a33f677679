import type { Json } from "../../json.ts";
import { textOf } from "../../json.ts";
import { StatesError } from "../../states-error.ts";
import type { Resource } from "../resource.ts";
import type { Attempt } from "../states/task.ts";
import { noted, taskCall } from "./call.ts";
import { tokenOutcome } from "./token.ts";

/** A Step Functions activity: offered to workers that ask for it, completed by the one that has taken it. */
export async function callActivity(
  attempt: Attempt<Extract<Resource, { readonly kind: "activity" }>>,
): Promise<Json> {
  const { run, resource, input, limits, events } = attempt;
  const { world, tokens } = run.execution;
  if (!(await world.hasActivity(resource.arn)))
    throw new StatesError("States.Runtime", {
      cause: `The activity ${resource.arn} does not exist.`,
      inState: true,
    });
  events.scheduled(input, limits);
  const token = tokens.make();
  const { context } = taskCall(run, resource.arn, input);
  const [offered, takeBack] = world.cancelable(() =>
    world.offer({ activityArn: resource.arn, taskToken: token, context }),
  );
  offered.catch(() => {});
  const take = (workerName: string | undefined): string => {
    takeBack();
    run.execution.waits.given(run.entered);
    events.started(workerName);
    return textOf(input);
  };
  return await noted(attempt, async () => {
    const output = await tokenOutcome(attempt, { take, token }).finally(takeBack);
    run.checkSize(output, resource.arn);
    events.succeeded(output);
    return output;
  });
}
