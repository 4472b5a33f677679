import type { SucceedState } from "../../model.ts";
import type { Outcome, StateRun } from "../state-run.ts";
import { pass } from "./finish.ts";

/** Ends its level. */
export async function runSucceed(run: StateRun<SucceedState>): Promise<Outcome> {
  return { ...(await pass(run, run.effectiveInput())), next: undefined };
}
