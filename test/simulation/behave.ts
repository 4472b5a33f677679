/** What the simulated activity does, as its plan says. The stage is the outside world as one life of a worker sees it. */
import { activityContext, ApplicationError } from "../../src/index.ts";
import type { ActivityContext } from "../../src/index.ts";
import type { Act } from "./program.ts";

export interface Stage {
  /** An attempt begins. Returns how often the activity has failed before, as its run's durable history says. */
  begin(context: ActivityContext, act: Act): number;
  /** An attempt is about to return its result. */
  finish(context: ActivityContext): void;
}

const ages = "10m";

export async function behave(act: Act, stage: Stage): Promise<string> {
  const context = activityContext();
  const failures = stage.begin(context, act);
  await perform(act, context, failures);
  stage.finish(context);
  return act.label;
}

async function perform({ plan, ms, label }: Act, context: ActivityContext, failures: number): Promise<void> {
  if (ms > 0 && plan.kind !== "late") await context.sleep(ms);
  switch (plan.kind) {
    case "flaky":
      if (failures < plan.failures) throw new ApplicationError(`${label} fails`, { type: "act" });
      return;
    case "fatal":
      throw new ApplicationError(`${label} fails for good`, { type: "fatal", nonRetryable: true });
    case "slow":
      if (plan.deaf) await new Promise(() => {});
      return context.sleep(ages);
    case "beat":
      if (plan.silent && failures === 0) return context.sleep(ages);
      return beat(context, plan.beats);
    case "late":
      throw new ApplicationError(`${label} always fails`, { type: "act" });
    case "queued":
  }
}

async function beat(context: ActivityContext, beats: number): Promise<void> {
  for (let done = Number(context.heartbeatDetails ?? 0); done < beats; done++) {
    await context.sleep(600);
    context.heartbeat(done + 1);
  }
}
