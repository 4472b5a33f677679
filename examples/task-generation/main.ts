/**
 * The demo: tasks for the 8 actions of a goal, killed with `kill -9` in the middle, started again, and compared with a run that nobody killed.
 * Exit code 0 only if every claim at the end holds.
 */
import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DemoError } from "../shared/demo-error.ts";
import { startProcess } from "../shared/processes.ts";
import { databasesIn } from "./demo/order.ts";
import type { Message, Order } from "./demo/order.ts";
import { lookAt, prove } from "./demo/proof.ts";
import { createView } from "./demo/view.ts";
import type { View } from "./demo/view.ts";
import { describeError } from "./errors.ts";
import { ruleBased } from "./generation/rule-based.ts";
import type { Weather } from "./generation/simulated.ts";
import { readSeed } from "./seed/load.ts";
import type { WorkflowInput, WorkflowOutput } from "./types.ts";

const child = path.join(import.meta.dirname, "demo", "child.ts");
const killAfter = 3;
/** One action fails once and is tried again after 2 seconds, one has no quota and fails at once. */
const weather: Weather = {
  delayMs: 400,
  stepMs: 180,
  failsOnce: ["marathon-2"],
  overQuota: ["marathon-5"],
};

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function titlesOf({ goalId }: WorkflowInput): Promise<ReadonlyMap<string, string>> {
  const goal = (await readSeed()).find(({ id }) => id === goalId);
  const actions = goal?.subGoals.flatMap((part) => part.actions) ?? [];
  say(`Task generation: "${goal?.title}"`);
  return new Map(actions.map(({ id, title }) => [id, title]));
}

async function orderFor(folder: string, name: string, input: WorkflowInput): Promise<Order> {
  const own = path.join(folder, name);
  await mkdir(own);
  return { folder: own, runId: name, input, weather };
}

async function runUntilKilled(order: Order, view: View): Promise<{ pid: number; endedBy: string }> {
  const started = startProcess(child, order, (message) => {
    view.take(message as Message);
    if (view.idsIn("saved").length >= killAfter && view.idsIn("generating").length > 0) started.kill();
  });
  return { pid: started.pid, endedBy: await started.ended };
}

/** Lets a run go to its end, and returns what came of it. */
async function runToEnd(
  order: Order,
  take: (message: Message) => void,
): Promise<{ pid: number; output: WorkflowOutput }> {
  const ends: Message[] = [];
  const started = startProcess(child, order, (said) => {
    const message = said as Message;
    take(message);
    if (message.kind === "result" || message.kind === "error") ends.push(message);
  });
  const code = await started.ended;
  const end = ends.at(-1);
  if (end?.kind === "result" && code === "0") return { pid: started.pid, output: end.output };
  const said = end?.kind === "error" ? end.text : "it said nothing";
  throw new DemoError(`The workflow did not finish (exit ${code}): ${said}`);
}

async function main(): Promise<boolean> {
  const folder = await mkdtemp(path.join(tmpdir(), "daruma-demo-"));
  const text = await readFile(path.join(import.meta.dirname, "input.json"), "utf8");
  const input = JSON.parse(text) as WorkflowInput;
  const view = createView(process.stdout, await titlesOf(input));
  say("  definition: examples/task-generation/workflow.asl.json (Amazon States Language)");
  say(`  ${ruleBased.note}`);
  say("  Its delays and errors are simulated: marathon-2 fails once, marathon-5 has no quota.");

  say("\n1. A process runs the state machine.\n");
  const order = await orderFor(folder, "killed", input);
  const first = await runUntilKilled(order, view);
  view.finish();
  const savedBefore = view.idsIn("saved");
  say(
    `\n2. kill -9 ${first.pid}: the process is gone (${first.endedBy}); ${savedBefore.length} actions are saved.`,
  );

  say("\n3. A new process opens the same databases. Nobody tells it what to do.\n");
  const { input: _, ...goOn } = order;
  const second = await runToEnd(goOn, view.take);
  view.finish();
  say(`\n${JSON.stringify(second.output, undefined, 2)}`);

  say("\n4. The same once more, in databases of its own, without a crash (quietly).");
  const control = await orderFor(folder, "uninterrupted", input);
  const straight = await runToEnd(control, () => undefined);
  const claims = prove({
    endedBy: first.endedBy,
    firstPid: first.pid,
    secondPid: second.pid,
    savedBefore,
    crashed: await lookAt(order.folder, second.output),
    straight: await lookAt(control.folder, straight.output),
  });
  say("\nWhat this shows:");
  for (const { holds, text: what } of claims) say(`  ${holds ? "✓" : "✗ NOT TRUE:"} ${what}`);
  say(`\nLog, metrics, notification: ${order.folder}`);
  say(`History: npx daruma history ${order.runId} --store ${databasesIn(order.folder).store}`);
  return claims.every(({ holds }) => holds);
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  say(`The demo failed. ${describeError(error)}`);
  process.exitCode = 1;
}
