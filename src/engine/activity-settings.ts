/** The options of an activity, complete and in milliseconds. */
import type { RecordedActivityOptions } from "../core/events.ts";
import { normalizeRetry } from "../core/retry.ts";
import type { NormalizedRetry } from "../core/retry.ts";
import type { ActivityDefinition } from "../workflow/seam.ts";
import { recordedOptions } from "./commands.ts";

/** What the runner of attempts goes by. An absent limit: none. */
export interface ActivitySettings {
  readonly name: string;
  readonly run: (...args: never[]) => unknown;
  readonly retry: NormalizedRetry;
  readonly taskQueue: string;
  readonly startToCloseMs?: number;
  readonly scheduleToCloseMs?: number;
  readonly scheduleToStartMs?: number;
  readonly heartbeatMs?: number;
}

const byDefinition = new WeakMap<ActivityDefinition, ActivitySettings>();

function settingsOf(definition: ActivityDefinition): ActivitySettings {
  let settings = byDefinition.get(definition);
  if (settings === undefined) {
    const { retry, ...options } = recordedOptions(definition.options);
    const { name, run } = definition;
    settings = {
      name,
      run,
      taskQueue: "default",
      ...options,
      retry: (retry as NormalizedRetry) ?? normalizeRetry(undefined),
    };
    byDefinition.set(definition, settings);
  }
  return settings;
}

/** The definition's options, with those of the call over them. */
export function activitySettings(
  definition: ActivityDefinition,
  call: RecordedActivityOptions | undefined,
): ActivitySettings {
  const settings = settingsOf(definition);
  return call === undefined ? settings : ({ ...settings, ...call } as ActivitySettings);
}
