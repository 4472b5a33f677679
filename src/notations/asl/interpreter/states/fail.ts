import type { Json } from "../../json.ts";
import type { FailState } from "../../model.ts";
import { evaluateText } from "../../path/template.ts";
import { StatesError } from "../../states-error.ts";
import type { Outcome, StateRun } from "../state-run.ts";

/** Fails its level with an error and a cause, either of which may be absent. */
export async function runFail(run: StateRun<FailState>): Promise<Outcome> {
  const { Error: error, ErrorPath, Cause, CausePath } = run.state;
  // A Fail state has no InputPath, but AWS shows one.
  if (!run.isJsonata) run.inspect("afterInputPath", run.input);
  throw new StatesError(await textOf(run, "Error", { literal: error, path: ErrorPath }), {
    cause: await textOf(run, "Cause", { literal: Cause, path: CausePath }),
  });
}

async function textOf(
  run: StateRun<FailState>,
  field: string,
  { literal, path }: { readonly literal: string | undefined; readonly path: string | undefined },
): Promise<string | undefined> {
  if (path !== undefined) return asText(evaluate(run, path, `${field}Path`), `${field}Path`);
  if (literal === undefined || !run.isJsonata) return literal;
  return asText(await run.evaluate(literal, field), field);
}

function evaluate(run: StateRun<FailState>, path: string, field: string): Json {
  const { world } = run.execution;
  const ports = { random: () => world.random(), uuid: () => world.uuid() };
  return evaluateText(path, run.roots(run.input), { field, ports });
}

function asText(value: Json, field: string): string {
  if (typeof value === "string") return value;
  throw new StatesError("States.Runtime", {
    cause: `The field '${field}' must be a string, but it was: ${JSON.stringify(value)}`,
    inState: true,
  });
}
