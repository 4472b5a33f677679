/** Answers a call for expressions that are not plain. Where this runs must be a place that can be killed: an answer may never come. */
import type { EvaluationAnswer, EvaluationCall } from "../task-host.ts";
import { evaluateText } from "./evaluate.ts";

/** The answers, one after the other. */
export async function* answersTo({
  expressions,
  bindings,
  seed,
  now,
}: EvaluationCall): AsyncGenerator<EvaluationAnswer, void> {
  for (const [at, expression] of expressions.entries())
    yield await evaluateText(expression, { bindings, seed: () => `${seed}/${at}`, now: () => now });
}
