import { holds } from "../../choice/rules.ts";
import type { Json } from "../../json.ts";
import { expressionIn } from "../../jsonata/expression.ts";
import { typeProblem } from "../../jsonata/failure.ts";
import type { ChoiceRule, ChoiceState } from "../../model.ts";
import { StatesError } from "../../states-error.ts";
import type { Outcome, StateRun } from "../state-run.ts";
import { outputPath, pass } from "./finish.ts";

/** Goes where the first rule that holds leads, else to the default. */
export async function runChoice(run: StateRun<ChoiceState>): Promise<Outcome> {
  const { Choices, Default } = run.state;
  const input = run.effectiveInput();
  for (const [index, rule] of Choices.entries()) {
    const met = run.isJsonata ? await meets(run, rule, index) : holds(rule, run.roots(input));
    if (met) return await take(run, rule, input);
  }
  if (Default === undefined) throw new StatesError("States.NoChoiceMatched", { cause: noChoice(run) });
  return { ...(await pass(run, input)), next: Default };
}

function noChoice({ name }: StateRun): string {
  return `An error occurred while executing the state '${name}'. No choice rule matched and the state has no Default.`;
}

async function meets(run: StateRun<ChoiceState>, { Condition }: ChoiceRule, index: number): Promise<boolean> {
  if (typeof Condition !== "string") return Condition === true;
  const field = `Choices[${index}]/Condition`;
  const value = await run.evaluate(Condition, field);
  if (typeof value === "boolean") return value;
  throw typeProblem(expressionIn(Condition) ?? Condition, field, { expected: "boolean", value });
}

/** A rule's own Assign and Output go before the state's. */
async function take(run: StateRun<ChoiceState>, rule: ChoiceRule, input: Json): Promise<Outcome> {
  const { Next: next, Assign, Output } = rule;
  const assigned = await run.assigned(Assign, input);
  if (!run.isJsonata) return { output: outputPath(run, input), next, assigned };
  return { output: Output === undefined ? input : await run.evaluate(Output, "Output"), next, assigned };
}
