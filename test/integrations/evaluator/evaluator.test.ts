import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { createEvaluator } from "../../../src/integrations/evaluator/evaluator.ts";
import type { Evaluator } from "../../../src/integrations/evaluator/evaluator.ts";
import { fillJsonata } from "../../../src/notations/asl/jsonata/template.ts";
import type { EvaluationAnswer, EvaluationCall } from "../../../src/notations/asl/task-host.ts";

const memory = "Expression evaluation memory limit exceeded: Check for excessive memory usage";
const stack =
  "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive";
const time = "Expression evaluation timeout: Check for infinite loop";

const hostile: readonly (readonly [what: string, expression: string, messages: readonly string[]])[] = [
  ["endless tail calls", "($f := function($x) { $f($x) }; $f(1))", [time]],
  ["endless recursion", "($f := function($x) { 1 + $f($x) }; $f(1))", [stack]],
  ["a text that doubles", "($f := function($s) { $f($s & $s) }; $f('abcdefgh'))", [memory, time]],
  ["a list that doubles", "($f := function($a) { $f($append($a, $a)) }; $f([1..1000]))", [memory]],
  ["a huge range", "[1..10000000]", [memory]],
  ["a huge range function", "$range(1, 1000000000, 1)", [memory]],
  [
    "a regular expression that tries everything",
    "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a+)+$/)",
    [time],
  ],
  [
    "nested loops",
    "$map([1..800000], function($x) { $map([1..800000], function($y) { $x * $y }) })",
    [time, memory],
  ],
  ["a heap that fills", "($f := function($x) { $f([$x, [1..800000]]) }; $f(1))", [memory, time]],
  ["a million texts", "$map([1..800000], function($x) { $pad('x', 100000) & $x })", [memory, time]],
  ["deep nesting", `${"(".repeat(5_000)}1${")".repeat(5_000)}`, [stack]],
];

let evaluator: Evaluator | undefined;

afterEach(async () => {
  await evaluator?.close();
  evaluator = undefined;
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function callOf(...expressions: string[]): EvaluationCall {
  return { expressions, bindings: { states: { input: { n: 3 } } }, seed: "seed", now: 0 };
}

/** Answers and how long they took. */
async function timed(
  work: Promise<readonly EvaluationAnswer[]>,
): Promise<[readonly EvaluationAnswer[], number]> {
  const since = performance.now();
  return [await work, performance.now() - since];
}

test("answers come in the order of the expressions", async () => {
  evaluator = createEvaluator();
  const answers = await evaluator.evaluate(
    callOf("$states.input.n + 1", "$nothing", "$sum(['a'])", "[1..3]"),
  );
  expect(answers).toEqual([
    { value: 4 },
    { undefined: true },
    { error: 'T0412: Argument 1 of function "sum" must be an array of "numbers"' },
    { value: [1, 2, 3] },
  ]);
  expect(await evaluator.evaluate(callOf())).toEqual([]);
});

test("many calls share one process, and each gets its own answer", async () => {
  evaluator = createEvaluator();
  const one = evaluator;
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, at) => one.evaluate(callOf(`$map([${at}], function($x) { $x })`))),
  );
  expect(answers).toEqual(Array.from({ length: 500 }, (_, at) => [{ value: at }]));
  expect(evaluator.pids()).toHaveLength(1);
});

test("the same call gives the same in any process", async () => {
  evaluator = createEvaluator();
  const call = callOf("$map([1, 2], function($x) { $uuid() })", "$shuffle([1..20])", "$random()", "$now()");
  const first = await evaluator.evaluate(call);
  const second = createEvaluator();
  expect(await second.evaluate(call)).toEqual(first);
  await second.close();
});

test.each(hostile)("%s fails in time, and nobody else waits for it", async (_, expression, messages) => {
  evaluator = createEvaluator();
  const one = evaluator;
  await one.evaluate(callOf("1"));
  const bindings = { states: { input: { s: "x" }, context: {} }, variables: {} };
  const ports = { evaluate: one.evaluate.bind(one), seed: () => "", now: () => 0 };
  const state = { over: false };
  const beside = async (template: string): Promise<number> => {
    let done = 0;
    for (; !state.over; done++) {
      expect(await fillJsonata(template, bindings, { field: "Output", ports })).toEqual(["x"]);
      await after(5);
    }
    return done;
  };
  const plain = Array.from({ length: 100 }, () => beside("{% [$states.input.s & ''] %}"));
  const away = Array.from({ length: 20 }, () =>
    beside("{% $map([1], function($x) { $states.input.s })[] %}"),
  );
  const [answers, ms] = await timed(one.evaluate(callOf("1", expression, "2")));
  state.over = true;
  const counts = [await Promise.all(plain), await Promise.all(away)];

  expect(answers[0]).toEqual({ value: 1 });
  expect(messages).toContain((answers[1] as { error: string }).error);
  // A second, and what a busy machine takes to notice.
  expect(ms).toBeLessThan(3_000);
  for (const done of counts.flat()) expect(done).toBeGreaterThan(0);
});

test("many calls that never end do not keep others waiting", async () => {
  evaluator = createEvaluator({ limitMs: 400 });
  const one = evaluator;
  const endless = "($f := function($x) { $f($x) }; $f(1))";
  await one.evaluate(callOf("1"));
  const failing = Promise.all(Array.from({ length: 6 }, () => one.evaluate(callOf(endless))));
  const [answers, ms] = await timed(one.evaluate(callOf("[1..2]")));
  expect(answers).toEqual([{ value: [1, 2] }]);
  for (const [answer] of await failing) expect(answer).toEqual({ error: time });
  // Now it is known: it takes no process away from others, and what comes after it in its call is not evaluated.
  const [quick] = one.pids();
  expect(await one.evaluate(callOf(endless, "1"))).toEqual([{ error: time }, { error: time }]);
  expect(await one.evaluate(callOf("[1..3]"))).toEqual([{ value: [1, 2, 3] }]);
  expect(one.pids()[0]).toBe(quick);
  // The patience for one of them, and the start of a process on a busy machine; all six would take longer.
  expect(ms).toBeLessThan(4_000);
});

test("a slow expression has its time, beside others and alone", async () => {
  evaluator = createEvaluator({ patienceMs: 1, limitMs: 10_000 });
  const slow = "$count($map([1..20000], function($x) { $x * 2 }))";
  for (let round = 0; round < 3; round++)
    expect(await evaluator.evaluate(callOf(slow, "1"))).toEqual([{ value: 20_000 }, { value: 1 }]);
});

test("a process that somebody kills costs no answer", async () => {
  evaluator = createEvaluator({ limitMs: 20_000, patienceMs: 10_000 });
  const one = evaluator;
  await one.evaluate(callOf("1"));
  const slow = "$count($map([1..30000], function($x) { $x * 2 }))";
  const answers = Array.from({ length: 10 }, () => one.evaluate(callOf(slow)));
  await after(50);
  for (const pid of one.pids()) process.kill(pid, "SIGKILL");
  for (const [answer] of await Promise.all(answers)) expect(answer).toEqual({ value: 30_000 });
});

test("an evaluator that is closed answers nobody, and leaves no process", async () => {
  const one = createEvaluator();
  await one.evaluate(callOf("1"));
  const pids = one.pids();
  const pending = one.evaluate(callOf("($f := function($x) { $f($x) }; $f(1))"));
  pending.catch(() => {});
  await after(20);
  await one.close();
  await expect(pending).rejects.toMatchObject({ error: "States.Runtime" });
  await expect(one.evaluate(callOf("1"))).rejects.toMatchObject({ error: "States.Runtime" });
  expect(pids.map(isAlive)).toEqual([false]);
  expect(one.pids()).toEqual([]);
});

test("a process without work is ended", async () => {
  evaluator = createEvaluator({ idleMs: 20 });
  await evaluator.evaluate(callOf("1"));
  for (let left = 200; left > 0 && evaluator.pids().length > 0; left--) await after(20);
  expect(evaluator.pids()).toEqual([]);
  expect(await evaluator.evaluate(callOf("2"))).toEqual([{ value: 2 }]);
});

test("processes end with their parent, whatever they are at, and do not keep it alive", async () => {
  const file = fileURLToPath(new URL("parent.ts", import.meta.url));
  const parent = spawn(process.execPath, ["--conditions=daruma-source", file], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = (await once(parent.stdout.setEncoding("utf8"), "data")) as [string];
  const pids = JSON.parse(line) as number[];
  expect(pids.map(isAlive)).toEqual([true, true]);
  parent.kill("SIGKILL");
  for (let left = 400; left > 0 && pids.some(isAlive); left--) await after(20);
  expect(pids.map(isAlive)).toEqual([false, false]);
});
