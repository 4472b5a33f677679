/**
 * Fills the `{% … %}` of a template with what they evaluate to.
 *
 * Invariants:
 * - An expression whose cost can be told, and is small, is evaluated here and now; all others of the template go out in one durable call, with no more
 *   of the bindings than they mention.
 * - Which way an expression takes, and what it gives, depends on the template, the bindings and the ports only.
 * - Of several expressions that fail, the first in the template is reported.
 */
import type { Json } from "../json.ts";
import type { EvaluationAnswer, EvaluationCall } from "../task-host.ts";
import { evaluateDirectly, unsure } from "./direct.ts";
import { estimate } from "./estimate.ts";
import { evaluateParsed } from "./evaluate.ts";
import { expressionIn } from "./expression.ts";
import { valueOfAnswer } from "./failure.ts";
import { tooDeep } from "./limits.ts";
import { lookUp } from "./look-up.ts";
import { parse } from "./parse.ts";
import type { ParsedExpression } from "./parse.ts";
import { plainNumber } from "./plain-value.ts";
import { partsOf } from "./references.ts";
import type { Reference } from "./references.ts";

export { typeProblem } from "./failure.ts";

/** What expressions can read. */
export interface Bindings {
  readonly states: {
    readonly input: Json;
    readonly context: Json;
    readonly result?: Json;
    readonly errorOutput?: Json;
  };
  readonly variables: { readonly [name: string]: Json };
}

export interface EvaluationPorts {
  /** The durable call for expressions that are not plain. */
  evaluate(call: EvaluationCall): Promise<readonly EvaluationAnswer[]>;
  /** A new seed, from recorded randomness. */
  seed(): string;
  /** Epoch milliseconds, recorded. */
  now(): number;
}

export interface FillOptions {
  /** The template's name in messages: `Output`; what is in it is `Output/result`, `Output/list[0]`. */
  readonly field: string;
  readonly ports: EvaluationPorts;
}

/** What one template may cost in this process, in the unit of `estimate.ts`: some tens of milliseconds at worst. */
const templateBudget = 20_000;

/** Fills every expression in a template. What is no expression stays as it is. @throws StatesError States.QueryEvaluationError */
export async function fillJsonata(
  template: Json,
  { states, variables }: Bindings,
  { field, ports }: FillOptions,
): Promise<Json> {
  const slots: Slot[] = [];
  findSlots(template, field, slots);
  if (slots.length === 0) return template;
  await new Filling({ ...variables, states }, ports).answer(slots);
  let at = 0;
  return replaced(template, () => slots[at++] as Slot);
}

/** One expression of a template. */
interface Slot {
  readonly expression: string;
  readonly field: string;
  answer?: EvaluationAnswer;
}

function findSlots(template: Json, field: string, slots: Slot[]): void {
  if (typeof template === "string") {
    const expression = expressionIn(template);
    if (expression !== undefined) slots.push({ expression, field });
  } else if (Array.isArray(template))
    template.forEach((member: Json, at) => findSlots(member, `${field}[${at}]`, slots));
  else if (typeof template === "object" && template !== null)
    for (const [key, member] of Object.entries(template)) findSlots(member, `${field}/${key}`, slots);
}

/** The template with the values of its expressions, which are asked for in the order in which they were found. */
function replaced(template: Json, next: () => Slot): Json {
  if (typeof template === "string") {
    if (expressionIn(template) === undefined) return template;
    const { answer = { undefined: true }, expression, field } = next();
    return valueOfAnswer(answer, expression, field);
  }
  if (Array.isArray(template)) return template.map((member: Json) => replaced(member, next));
  if (typeof template !== "object" || template === null) return template;
  const entries = Object.entries(template).map(([key, member]) => [key, replaced(member, next)]);
  return Object.fromEntries(entries) as Json;
}

function answerOf(value: Json | undefined): EvaluationAnswer {
  return value === undefined
    ? { undefined: true }
    : { value: typeof value === "number" ? plainNumber(value) : value };
}

class Filling {
  readonly #bindings: { readonly [name: string]: Json };
  readonly #ports: EvaluationPorts;
  #left = templateBudget;
  #seed: string | undefined;

  constructor(bindings: { readonly [name: string]: Json }, ports: EvaluationPorts) {
    this.#bindings = bindings;
    this.#ports = ports;
  }

  async answer(slots: readonly Slot[]): Promise<void> {
    const away: [Slot, ParsedExpression][] = [];
    for (const [at, slot] of slots.entries()) {
      const parsed = parse(slot.expression);
      if ("tooDeep" in parsed) slot.answer = { error: tooDeep };
      else if ("problem" in parsed) slot.answer = { error: `${parsed.code}: ${parsed.problem}` };
      else {
        const answer = this.#atOnce(parsed) ?? (await this.#here(parsed, at));
        if (answer === undefined) away.push([slot, parsed]);
        else slot.answer = answer;
      }
      if (slot.answer !== undefined && !("value" in slot.answer) && away.length === 0) return;
    }
    if (away.length > 0) await this.#away(away);
  }

  /** The answer for an expression that is simple enough for one look. */
  #atOnce({ path, root, simple }: ParsedExpression): EvaluationAnswer | undefined {
    if (path !== undefined) return this.#reached(path);
    const value = simple ? evaluateDirectly(root, this.#bindings) : unsure;
    return value === unsure ? undefined : answerOf(value);
  }

  #reached({ name, path }: Reference): EvaluationAnswer | undefined {
    const { value, left } = lookUp(this.#bindings, name, path);
    return left > 0 ? undefined : answerOf(value);
  }

  async #here(parsed: ParsedExpression, at: number): Promise<EvaluationAnswer | undefined> {
    const cost = estimate(parsed.root, this.#bindings, this.#left);
    if (cost > this.#left) return undefined;
    this.#left -= cost;
    return evaluateParsed(parsed, {
      bindings: this.#bindings,
      // Not the seed of any expression that goes out.
      seed: () => `${this.#seedOfAll()}:${at}`,
      now: () => this.#ports.now(),
    });
  }

  async #away(away: readonly (readonly [Slot, ParsedExpression])[]): Promise<void> {
    const answers = await this.#ports.evaluate({
      expressions: away.map(([{ expression }]) => expression),
      bindings: partsOf(
        this.#bindings,
        away.flatMap(([, { references }]) => references),
      ),
      seed: this.#seedOfAll(),
      now: this.#ports.now(),
    });
    away.forEach(([slot], at) => (slot.answer = answers[at] ?? { undefined: true }));
  }

  #seedOfAll(): string {
    return (this.#seed ??= this.#ports.seed());
  }
}
