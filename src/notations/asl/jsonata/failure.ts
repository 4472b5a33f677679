/** The errors with which a state fails when an expression does, in AWS's words. */
import { textOf } from "../json.ts";
import type { Json } from "../json.ts";
import { StatesError } from "../states-error.ts";
import type { EvaluationAnswer } from "../task-host.ts";

/** The value of an answer. @throws StatesError States.QueryEvaluationError */
export function valueOfAnswer(answer: EvaluationAnswer, expression: string, field: string): Json {
  if ("value" in answer) return answer.value;
  const what = `The JSONata expression '${expression}' specified for the field '${field}'`;
  if ("undefined" in answer) throw failure(`${what} returned nothing (undefined).`, field);
  // A message with a code is a sentence of its own.
  const separator = /^[A-Z]\d{4}: /u.test(answer.error) ? ". " : ": ";
  throw failure(`${what} threw an error during evaluation${separator}${answer.error}`, field);
}

/**
 * The error for a result of a type that the field cannot use.
 *
 * @param expression what is between `{%` and `%}`
 * @param result what was expected, such as `array`, and what came
 */
export function typeProblem(
  expression: string,
  field: string,
  { expected, value }: { readonly expected: string; readonly value: Json },
): StatesError {
  const what = `The JSONata expression '${expression}' specified for the field '${field}'`;
  const but = `Expected '${expected}', but was '${typeOf(value)}' for value: ${textOf(value)}`;
  return failure(`${what} returned an unexpected result type. ${but}`, field);
}

function failure(cause: string, location: string): StatesError {
  return new StatesError("States.QueryEvaluationError", { cause, location, inState: true });
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
