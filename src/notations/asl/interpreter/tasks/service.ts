import type { Json } from "../../json.ts";
import type { Resource } from "../resource.ts";
import type { Attempt } from "../states/task.ts";
import { hop, msOf, noted, taskCall } from "./call.ts";
import { GivenOutAgain } from "../waits.ts";
import { tokenOutcome } from "./token.ts";

type Service = Extract<Resource, { readonly kind: "service" }>;

/** An action of a service, and with `.waitForTaskToken` the report that comes later. */
export async function callService(attempt: Attempt<Service>): Promise<Json> {
  const { run, resource, input, limits, events } = attempt;
  const { world } = run.execution;
  events.scheduled(input, limits);
  const [report, drop] = resource.pattern === "token" ? world.cancelable(() => tokenOutcome(attempt)) : [];
  report?.catch(() => {});
  // What waits for a token may take as long as it likes to be called; the limit is on the report.
  const timeoutMs = report === undefined ? msOf(limits.timeout) : undefined;
  const call = (): Promise<Json> => world.invoke(run.name, taskCall(run, arnOf(resource), input), timeoutMs);
  const [answer, takeBack] = report === undefined ? [call()] : world.cancelable(call);
  answer.catch(() => {});
  report?.catch((error: unknown) => error instanceof GivenOutAgain && takeBack?.());
  await hop();
  events.started();
  return await noted(attempt, async () => {
    const output =
      report === undefined ? await answer : await submitted(attempt, answer, report).finally(drop);
    run.checkSize(output, resource.type);
    events.succeeded(output);
    return output;
  });
}

/** `.sync` is a matter of whoever answers for the resource: its answer is the end. */
function arnOf({ arn, pattern }: Service): string {
  if (pattern === "sync") return `${arn}.sync`;
  return pattern === "sync:2" ? `${arn}.sync:2` : arn;
}

/** The report may come before the call's own answer. */
async function submitted(
  { events, run }: Attempt,
  answer: Promise<Json>,
  report: Promise<Json>,
): Promise<Json> {
  const first = await Promise.race([
    answer.then(
      (output) => ({ output }),
      (error: unknown) => ({ error }),
    ),
    report.then(
      () => ({ reported: true }),
      () => ({ reported: true }),
    ),
  ]);
  if ("error" in first) throw first.error;
  if ("output" in first) {
    run.execution.waits.given(run.entered);
    events.submitted(first.output);
  }
  return await report;
}
