/** Activities: functions with side effects, called durably from workflows and plainly from anywhere else. */
import { checkName } from "../core/names.ts";
import { checkActivityOptions, checkFunction } from "./check-options.ts";
import { activeScope } from "./seam.ts";
import type { ActivityDefinition, ActivityOptions } from "./seam.ts";
import { durable } from "./scope.ts";

/**
 * An activity. Inside a workflow a call is durable: it is recorded, retried as its options say, and its result comes from the history on replay.
 * Outside it is a plain call of the function, so that the parts of a workflow can be tested without an engine.
 */
export interface Activity<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Awaited<Result>>;
  /**
   * The same activity with other options for the calls made through it; what is not given stays as defined.
   * @throws DarumaError DRM-INVALID-OPTION, DRM-INVALID-DURATION
   */
  with(options: ActivityOptions): Activity<Args, Result>;
  readonly definition: ActivityDefinition;
}

/**
 * Defines an activity. `name` is what the history records: keep it when you rename the function.
 * @throws DarumaError DRM-INVALID-NAME, DRM-INVALID-OPTION, DRM-INVALID-DURATION
 */
export function activity<Args extends unknown[], Result>(
  name: string,
  run: (...args: Args) => Result,
  options: ActivityOptions = {},
): Activity<Args, Result> {
  checkName("activity", name);
  checkFunction(`activity ${name}`, run);
  return callable({ name, options: checkActivityOptions(options), run }, undefined);
}

function callable<Args extends unknown[], Result>(
  definition: ActivityDefinition,
  options: ActivityOptions | undefined,
): Activity<Args, Result> {
  const call = (...args: Args): Promise<Awaited<Result>> => {
    if (activeScope() === undefined) return plainCall<Result>(definition, args);
    return durable(`activity ${definition.name}`, { kind: "activity", definition, args, options });
  };
  return Object.assign(call, {
    definition,
    with: (more: ActivityOptions) =>
      callable<Args, Result>(definition, { ...options, ...checkActivityOptions(more) }),
  });
}

async function plainCall<Result>(
  definition: ActivityDefinition,
  args: readonly unknown[],
): Promise<Awaited<Result>> {
  const run = definition.run as unknown as (...args: readonly unknown[]) => Result;
  return await run(...args);
}
