/* JSONata expressions a second, with 100 in flight: `node --conditions=daruma-source bench/asl/expressions.ts [COUNT]`. */
import { createEvaluator } from "../../src/integrations/evaluator/evaluator.ts";
import type { Evaluator } from "../../src/integrations/evaluator/evaluator.ts";
import { fillJsonata } from "../../src/notations/asl/jsonata/template.ts";

const inFlight = 100;

const input = {
  name: "order",
  total: 12.5,
  flag: true,
  items: Array.from({ length: 10 }, (_, at) => ({ id: at, type: at % 2 === 0 ? "A" : "B", price: at })),
};

const cases: readonly (readonly [kind: string, expression: string])[] = [
  ["here, a path", "$states.input.name"],
  ["here, a condition", "$states.input.total > 10 and $states.input.flag"],
  ["here, a text", "'s3://' & $states.input.name & '/x'"],
  ["here, a function", "$count($states.input.items) > 0"],
  ["here, an object", "{'name': $states.input.name, 'first': $states.input.items[0].id, 'sum': $v + 1}"],
  ["here, a filter of 10", "$states.input.items[type = 'A'].price"],
  ["process, a range", "[1..3]"],
  ["process, a map of 10", "$map($states.input.items, function($i) { $i.price * 2 })"],
  ["process, a reduction", "$reduce($states.input.items.price, function($a, $b) { $a + $b })"],
];

async function rate(expression: string, count: number, evaluator: Evaluator): Promise<number> {
  const bindings = { states: { input, context: {} }, variables: { v: 1 } };
  const ports = { evaluate: evaluator.evaluate.bind(evaluator), seed: () => "seed", now: () => 0 };
  let left = count;
  const since = performance.now();
  const lines = Array.from({ length: inFlight }, async () => {
    while (left-- > 0) await fillJsonata(`{% ${expression} %}`, bindings, { field: "Output", ports });
  });
  await Promise.all(lines);
  return (count / (performance.now() - since)) * 1000;
}

async function main(count: number): Promise<void> {
  const evaluator = createEvaluator();
  for (const [kind, expression] of cases) {
    // The first round warms up.
    const rates = [await rate(expression, count / 10, evaluator), await rate(expression, count, evaluator)];
    const shown = Math.round(rates[1] ?? 0).toLocaleString("en-US");
    process.stdout.write(`${kind.padEnd(24)}${shown.padStart(12)}/s  ${expression}\n`);
  }
  await evaluator.close();
}

await main(Number(process.argv[2] ?? 50_000));
