/** Whether a mock fits its state. All refusals are ValidationExceptions, but for a state that needs a mock and has none. */
import type { Json } from "../json.ts";
import { isObject } from "../json.ts";
import type { MapState, ParallelState, State } from "../model.ts";
import { resourceOf } from "../interpreter/resource.ts";
import { checkResult } from "./api/check-result.ts";
import { readJson } from "./json-text.ts";
import { invalid, TestStateError } from "./refusal.ts";
import type { Mock } from "./request.ts";

/** @returns the mocked result, if there is one. @throws TestStateError */
export function checkMock(state: State, mock: Mock | undefined): Json | undefined {
  if (mock === undefined) checkUnmocked(state);
  else checkMocked(state);
  if (mock?.result === undefined) return undefined;
  const result = parsed(mock.result);
  if (state.Type === "Map") checkMapResult(state, result);
  if (state.Type === "Parallel") checkParallelResult(state, result);
  if (state.Type === "Task" && mock.fieldValidationMode !== "NONE")
    checkResult(resourceOf(state.Resource), result, { strict: mock.fieldValidationMode === "STRICT" });
  return result;
}

function checkUnmocked(state: State): void {
  if (state.Type === "Map" || state.Type === "Parallel")
    throw new TestStateError(
      "InvalidDefinition",
      "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
    );
  if (state.Type !== "Task") return;
  const resource = resourceOf(state.Resource);
  if (resource.kind === "activity")
    throw new TestStateError("InvalidDefinition", "TestState API does not support Activity tasks.");
  if (resource.kind === "service" && resource.pattern !== "request-response")
    throw new TestStateError(
      "InvalidDefinition",
      "TestState API does not support .sync or .waitForTaskToken service integration patterns.",
    );
}

function checkMocked({ Type }: State): void {
  if (Type === "Map" || Type === "Parallel" || Type === "Task") return;
  throw invalid(`State type '${Type}' is not supported when a mock is specified`);
}

function parsed(text: string): Json {
  const read = readJson(text);
  if ("problem" in read) throw invalid("Mocked result must be valid JSON");
  return read.value;
}

/** A ResultWriter leaves a description of what was written, not the results. */
function checkMapResult({ ResultWriter }: MapState, result: Json): void {
  if (ResultWriter?.Resource !== undefined) {
    if (!isObject(result)) throw invalid("Mocked result must be a JSON object.");
  } else if (!Array.isArray(result)) throw invalid("Mocked result must be an array.");
}

function checkParallelResult({ Branches }: ParallelState, result: Json): void {
  if (!Array.isArray(result)) throw invalid("Mocked result must be an array.");
  if (result.length !== Branches.length)
    throw invalid("Mocked result must contain the same number of items as number of Parallel branches.");
}
