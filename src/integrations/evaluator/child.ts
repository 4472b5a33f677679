/**
 * The process that evaluates: reads calls from its standard input, answers on its standard output, and ends with its parent.
 *
 * Invariants:
 * - One expression after the other is evaluated, and its answer written before the next is begun: the first one without an answer is the one at work.
 * - It outlives its parent by some seconds at most, even in the middle of an expression that never ends: a thread of its own sees to that.
 */
import { Worker } from "node:worker_threads";
import { answersTo } from "../../notations/asl/jsonata/answer-call.ts";
import { tooLarge } from "../../notations/asl/jsonata/limits.ts";
import type { EvaluationAnswer, EvaluationCall } from "../../notations/asl/task-host.ts";
import { readyLine } from "./protocol.ts";

/** Characters of an answer. More than AWS lets an evaluation hold, and far more than a state may put out. */
const maxAnswer = 8_000_000;

/** How long one expression may take before the thread ends the process. The parent does so much sooner, as long as there is one. */
const endMs = 5_000;

/** Looks on while this thread is busy. It is text, so that it needs no file of its own, in sources and in builds. */
const onlooker = `
  const { workerData: busy } = require("node:worker_threads");
  const parent = process.ppid;
  let seen = 0;
  let since = Date.now();
  setInterval(() => {
    const now = Atomics.load(busy, 0);
    if (now !== seen || now % 2 === 0) [seen, since] = [now, Date.now()];
    if (process.ppid !== parent || Date.now() - since > ${endMs}) process.kill(process.pid, "SIGKILL");
  }, 500);
`;

/** Odd while a call is at work. */
const busy = new Int32Array(new SharedArrayBuffer(4));
const waiting: string[] = [];
let rest = "";
let working = false;

process.stdin.setEncoding("utf8");
process.stdin.on("data", (text: string) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop() ?? "";
  waiting.push(...lines);
  if (!working) void work();
});
process.stdin.on("end", () => process.exit(0));
process.stdout.write(`${readyLine}\n`);
new Worker(onlooker, { eval: true, workerData: busy, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref();

async function work(): Promise<void> {
  working = true;
  for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
    Atomics.add(busy, 0, 1);
    for await (const answer of answersTo(JSON.parse(line) as EvaluationCall)) {
      process.stdout.write(`${textOf(answer)}\n`);
      Atomics.add(busy, 0, 2);
    }
    Atomics.add(busy, 0, 1);
  }
  working = false;
}

function textOf(answer: EvaluationAnswer): string {
  const text = JSON.stringify(answer);
  return text.length <= maxAnswer ? text : JSON.stringify({ error: tooLarge });
}
