/* A process with an evaluator that has an idle process and one that is at an endless expression: prints their ids. */
import { setTimeout as after } from "node:timers/promises";
import { createEvaluator } from "../../../src/integrations/evaluator/evaluator.ts";

const evaluator = createEvaluator({ limitMs: 60_000 });
const call = { bindings: {}, seed: "", now: 0 };
await evaluator.evaluate({ ...call, expressions: ["1"] });
void evaluator.evaluate({ ...call, expressions: ["($f := function($x) { $f($x) }; $f(1))"] });
// The endless one is set apart, and the next call gets a process of its own.
await after(500);
await evaluator.evaluate({ ...call, expressions: ["2"] });
process.stdout.write(`${JSON.stringify(evaluator.pids().slice(0, 2))}\n`);
