/** What authors pass when they define something, checked at once: a mistake shows where it was made, not when the first run meets it. */
import { durationMs } from "../core/duration.ts";
import type { Duration } from "../core/duration.ts";
import { DarumaError } from "../core/errors.ts";
import { checkName, printable } from "../core/names.ts";
import { normalizeRetry } from "../core/retry.ts";
import type { ActivityOptions } from "./seam.ts";
import type { WorkflowOptions } from "./workflow.ts";

type Checks<Options> = { readonly [Key in keyof Options]-?: (value: NonNullable<Options[Key]>) => void };

/** A time limit of nothing could never be kept. */
function limit(option: string): (value: Duration) => void {
  return (value) => {
    if (durationMs(value, option) > 0) return;
    throw refused(option, "a duration of more than 0", value);
  };
}

const activityChecks: Checks<ActivityOptions> = {
  startToCloseTimeout: limit("startToCloseTimeout"),
  scheduleToCloseTimeout: limit("scheduleToCloseTimeout"),
  scheduleToStartTimeout: limit("scheduleToStartTimeout"),
  heartbeatTimeout: limit("heartbeatTimeout"),
  retry: (value) => void normalizeRetry(value),
  taskQueue: (value) => void checkName("task queue", value),
};

const workflowChecks: Checks<WorkflowOptions<unknown>> = {
  timeout: limit("timeout"),
  input: (value) => {
    const standard: unknown = (value as { "~standard"?: { validate?: unknown } })["~standard"]?.validate;
    if (typeof standard !== "function")
      throw refused("input", "a Standard Schema, such as one of zod, valibot or arktype", value);
  },
};

/** The options themselves. @throws DarumaError DRM-INVALID-OPTION, DRM-INVALID-DURATION, DRM-INVALID-NAME */
export function checkActivityOptions(options: ActivityOptions): ActivityOptions {
  return check("the options of an activity", options, activityChecks);
}

/** The options themselves. @throws DarumaError DRM-INVALID-OPTION, DRM-INVALID-DURATION */
export function checkWorkflowOptions<Input>(options: WorkflowOptions<Input>): WorkflowOptions<Input> {
  check("the options of a workflow", options as WorkflowOptions<unknown>, workflowChecks);
  return options;
}

/** The function itself. `kind` says what it is the body of. @throws DarumaError DRM-INVALID-OPTION */
export function checkFunction<T>(kind: string, run: T): T {
  if (typeof run === "function") return run;
  throw refused(kind, "a function", run);
}

function check<Options extends object>(
  what: string,
  options: Options,
  checks: { readonly [Key in keyof Options]-?: (value: NonNullable<Options[Key]>) => void },
): Options {
  if (typeof options !== "object" || options === null) throw refused(what, "an object", options);
  for (const key of Object.keys(options) as (keyof Options & string)[]) {
    if (!Object.hasOwn(checks, key)) throw refused(key, `one of ${Object.keys(checks).join(", ")}`, key);
    const value = options[key];
    if (value !== undefined && value !== null) checks[key](value);
  }
  return options;
}

function refused(option: string, expected: string, found: unknown): DarumaError {
  const shown = typeof found === "object" && found !== null ? "an object" : String(found);
  return new DarumaError("DRM-INVALID-OPTION", {
    message: `The option "${printable(option)}" has a value that is not allowed.`,
    subject: option,
    expected,
    found: shown,
  });
}
