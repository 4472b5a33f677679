/** Evaluates expressions for tests, and notes what would have left the process. */
import type { Json } from "../../../../src/notations/asl/json.ts";
import { answersTo } from "../../../../src/notations/asl/jsonata/answer-call.ts";
import { fillJsonata } from "../../../../src/notations/asl/jsonata/template.ts";
import type { Bindings } from "../../../../src/notations/asl/jsonata/template.ts";
import type { EvaluationAnswer, EvaluationCall } from "../../../../src/notations/asl/task-host.ts";
import type { StatesError } from "../../../../src/notations/asl/states-error.ts";

export interface Given {
  readonly input?: Json;
  readonly variables?: { readonly [name: string]: Json };
}

export interface Filled {
  readonly value?: Json;
  readonly error?: StatesError;
  readonly calls: readonly EvaluationCall[];
}

function bindingsOf({ input = {}, variables = {} }: Given): Bindings {
  return { states: { input, context: { Execution: { Id: "arn" } } }, variables };
}

/** Fills a template; calls are answered at once, in this process. */
export async function filled(template: Json, given: Given = {}, field = "Output"): Promise<Filled> {
  const calls: EvaluationCall[] = [];
  const evaluate = (call: EvaluationCall): Promise<EvaluationAnswer[]> => {
    calls.push(call);
    return Array.fromAsync(answersTo(call));
  };
  const ports = { evaluate, seed: () => "seed", now: () => Date.UTC(2026, 0, 2, 3, 4, 5) };
  try {
    return { value: await fillJsonata(template, bindingsOf(given), { field, ports }), calls };
  } catch (error) {
    return { error: error as StatesError, calls };
  }
}

/** The value of an expression, or the end of its error's text. */
export async function evaluated(expression: string, given: Given = {}): Promise<unknown> {
  const { value, error } = await filled(`{% ${expression} %}`, given);
  return error === undefined ? value : `fails: ${error.causeText?.split("for the field 'Output' ")[1]}`;
}
