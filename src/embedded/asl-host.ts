/** What state machines of this process reach: handlers, services, and the evaluator of expressions that must not run on the engine's thread. */
import { createServiceHost } from "../integrations/aws/host.ts";
import type { ServiceOptions } from "../integrations/aws/options.ts";
import { createEvaluator } from "../integrations/evaluator/evaluator.ts";
import type { Evaluator } from "../integrations/evaluator/evaluator.ts";
import { StatesError } from "../notations/asl/states-error.ts";
import type { TaskHost } from "../notations/asl/task-host.ts";

let evaluator: Evaluator | undefined;

/** One evaluator serves all state machines of a process; its children end with the process. */
export function sharedEvaluator(): Evaluator {
  evaluator ??= createEvaluator();
  return evaluator;
}

/** The world of state machines that are defined in code: there is no API beside them, so there are no activities, and other workflows are known by name. */
export function codeHost(options: ServiceOptions): TaskHost {
  const services = createServiceHost(options);
  return {
    invoke: services.invoke,
    readItems: services.readItems,
    // Without the API there are no redrives.
    itemsBefore: async () => undefined,
    childrenBefore: async () => ({ children: [] }),
    write: services.write,
    evaluate: (call) => sharedEvaluator().evaluate(call),
    offer: async ({ activityArn }) => {
      throw new StatesError("States.Runtime", { cause: `The activity ${activityArn} does not exist.` });
    },
    hasActivity: async () => false,
    resolve: async ({ arn }) => ({
      workflow: arn.split(":stateMachine:").at(-1) ?? arn,
      definition: '{"StartAt":"Pass","States":{"Pass":{"Type":"Pass","End":true}}}',
      name: arn,
      arn,
      roleArn: "",
      type: "STANDARD",
    }),
  };
}
