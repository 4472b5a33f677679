/** Evaluates one JSONata expression. The promise settles within microtasks; whether it ever does, only the expression knows. */
import type { Json } from "../json.ts";
import type { EvaluationAnswer } from "../task-host.ts";
import { circumstancesName } from "./functions.ts";
import type { Circumstances } from "./functions.ts";
import { maxDepth, maxSequence, tooDeep, tooLarge, tooSlow } from "./limits.ts";
import { parse } from "./parse.ts";
import type { ParsedExpression } from "./parse.ts";
import { plainValue } from "./plain-value.ts";
import { randomOf } from "./random.ts";
import type { JavaRandom } from "./random.ts";
import { slackOf } from "./slack.ts";

export interface Evaluation {
  /** What the names without `$` are bound to. */
  readonly bindings: { readonly [name: string]: Json };
  /** Asked once, when something is drawn from it. */
  seed(): string;
  /** Epoch milliseconds. */
  now(): number;
}

/** Evaluates any expression, with JSONata's own limits of depth and of the length of sequences. */
export async function evaluateText(text: string, evaluation: Evaluation): Promise<EvaluationAnswer> {
  const parsed = parse(text);
  if ("tooDeep" in parsed) return { error: tooDeep };
  if ("problem" in parsed) return { error: `${parsed.code}: ${parsed.problem}` };
  parsed.options.stack ??= maxDepth + slackOf(parsed.root);
  parsed.options.sequence ??= maxSequence;
  return evaluateParsed(parsed, evaluation);
}

export async function evaluateParsed(
  { compiled }: ParsedExpression,
  evaluation: Evaluation,
): Promise<EvaluationAnswer> {
  let generator: JavaRandom | undefined;
  const circumstances: Circumstances = {
    random: () => (generator ??= randomOf(evaluation.seed())),
    now: () => evaluation.now(),
  };
  try {
    const result: unknown = await compiled.evaluate(undefined, {
      ...evaluation.bindings,
      [circumstancesName]: circumstances,
    });
    const value = plainValue(result);
    return value === undefined ? { undefined: true } : { value };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** The limits as AWS words them; the codes are JSONata's. */
const limitMessages: { readonly [code: string]: string } = {
  D1011: tooDeep,
  D1012: tooSlow,
  D2014: tooLarge,
  D2015: tooLarge,
};

function messageOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (error instanceof RangeError) return error.message.includes("call stack") ? tooDeep : tooLarge;
  if (code === undefined || code === "") return String(message);
  return limitMessages[code] ?? `${code}: ${message}`;
}
