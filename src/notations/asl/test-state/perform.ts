/** The work of a state under test: the mock's answer, or a real call of the task's resource. */
import type { Json } from "../json.ts";
import type { Work } from "../interpreter/execution.ts";
import { taskCall } from "../interpreter/tasks/call.ts";
import { StatesError } from "../states-error.ts";
import type { MapState } from "../model.ts";
import type { StateRun } from "../interpreter/state-run.ts";
import { prepareMap } from "./map.ts";
import type { Mock, StateConfiguration } from "./request.ts";
import { longestTestMs } from "./world.ts";
import type { TestStateTools } from "./world.ts";

export interface PerformOptions {
  readonly mock: Mock | undefined;
  /** The value of the mock's result. */
  readonly result: Json | undefined;
  readonly configuration: StateConfiguration;
  readonly tools: TestStateTools;
}

/** @throws StatesError what was mocked, or what the call fails with */
export async function perform(work: Work, options: PerformOptions): Promise<Json> {
  const { run, input } = work;
  const { mock, result, configuration } = options;
  const check =
    run.state.Type === "Map"
      ? await prepareMap(run as StateRun<MapState>, { input, configuration })
      : undefined;
  if (mock?.errorOutput !== undefined) {
    const { error, cause } = mock.errorOutput;
    throw new StatesError(error, { cause });
  }
  check?.();
  const output = result === undefined ? await call(work, options.tools) : result;
  run.checkSize(output, run.name);
  if (run.state.Type === "Task") run.inspect("result", output);
  return output;
}

async function call({ run, input, timeoutSeconds }: Work, tools: TestStateTools): Promise<Json> {
  const { Resource } = run.state as { readonly Resource: string };
  const limit = tools.awsLimits ? longestTestMs : Infinity;
  const ms = Math.min(timeoutSeconds === undefined ? Infinity : timeoutSeconds * 1000, limit);
  const signal = ms === Infinity ? new AbortController().signal : tools.deadline(ms);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new StatesError("States.Timeout")), { once: true });
  });
  const answer = tools.host.invoke(taskCall(run, Resource, input), {
    signal,
    idempotencyKey: tools.uuid(),
  });
  return await Promise.race([answer, late]);
}
