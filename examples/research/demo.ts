/**
 * The demo: a research over the documents of this repository, killed with `kill -9` in the middle, started again, and compared with a run
 * that nobody killed. Exit code 0 only if every claim at the end holds.
 */
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { repositoryDocuments } from "./demo/documents.ts";
import type { Message, Progress } from "./demo/progress.ts";
import { finishedTopics, searches } from "./demo/progress.ts";
import type { Order } from "./demo/processes.ts";
import { prove } from "./demo/proof.ts";
import { createScreen, type Screen } from "./demo/screen.ts";
import { DemoError } from "../shared/demo-error.ts";
import { startProcess } from "../shared/processes.ts";
import { describeError } from "./errors.ts";
import { readLedger } from "./ledger.ts";
import { readModelConfig } from "./model.ts";
import { DEMO_WEATHER, describeWeather } from "./weather.ts";
import type { ResearchInput, ResearchOutcome } from "./workflow.ts";

const KILL_AFTER = 7;
const CHILD = path.join(import.meta.dirname, "demo", "child.ts");
const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Plan {
  folder: string;
  input: Omit<ResearchInput, "out" | "ledger">;
}

async function readPlan(): Promise<Plan> {
  const { values } = parseArgs({ options: { question: { type: "string" }, docs: { type: "string" } } });
  const folder = await mkdtemp(path.join(tmpdir(), "daruma-demo-"));
  const source =
    values.docs === undefined ? await repositoryDocuments() : { base: path.resolve(values.docs) };
  const model = readModelConfig(process.env);
  const question = values.question ?? "What survives a crash?";
  const writer = model === undefined ? "extractive" : "model";
  say(`Deep research: "${question}"`);
  say(`  documents: ${source.base}`);
  say(
    model === undefined
      ? "  no language model is configured: plain extractive code cuts the question and writes the report"
      : `  language model: ${model.model} at ${new URL(model.url).host}`,
  );
  say(`  simulated weather: ${describeWeather(DEMO_WEATHER)}`);
  return {
    folder,
    input: { question, source, writer, workFolder: path.join(folder, "work"), weather: DEMO_WEATHER },
  };
}

/** The order for a run of its own; `name` keeps its files apart from those of the other run. */
function orderFor(plan: Plan, name: string): Order & { input: ResearchInput } {
  const input = {
    ...plan.input,
    out: path.join(plan.folder, `${name}.md`),
    ledger: path.join(plan.folder, `${name}-ledger.jsonl`),
  };
  return { store: `sqlite:${path.join(plan.folder, `${name}.db`)}`, runId: name, input };
}

async function runUntilKilled(order: Order, screen: Screen): Promise<{ pid: number; endedBy: string }> {
  const child = startProcess(CHILD, order, (said) => {
    const message = said as Message;
    screen.take(message);
    if (message.kind === "error") screen.say(message.text);
    if (isTimeToKill(screen.progress)) child.kill();
  });
  return { pid: child.pid, endedBy: await child.ended };
}

/** Some searches have finished and others are under way. */
function isTimeToKill(progress: Progress): boolean {
  const busy = searches(progress).some((step) => step.state === "running");
  return finishedTopics(progress).length >= KILL_AFTER && busy;
}

/** Lets a run go to its end, and returns what came of it. */
async function runToEnd(
  order: Order,
  take: (message: Message) => void,
): Promise<{ pid: number; outcome: ResearchOutcome }> {
  const ends: Message[] = [];
  const child = startProcess(CHILD, order, (said) => {
    const message = said as Message;
    take(message);
    if (message.kind === "result" || message.kind === "error") ends.push(message);
  });
  const code = await child.ended;
  const end = ends.at(-1);
  if (end?.kind === "result" && code === "0") return { pid: child.pid, outcome: end.outcome };
  throw new DemoError(
    `The research did not finish (exit ${code}): ${end?.kind === "error" ? end.text : "it said nothing"}`,
  );
}

async function main(): Promise<boolean> {
  const plan = await readPlan();
  const crashed = orderFor(plan, "report");
  say("\n1. A process runs the research.");
  const screen = createScreen(process.stdout, `research "${crashed.runId}"`);
  const first = await runUntilKilled(crashed, screen);
  const finishedBefore = finishedTopics(screen.progress);
  screen.finish();
  say(
    `\n2. kill -9 ${first.pid}: the process is gone (${first.endedBy}) with ${finishedBefore.length} searches finished.`,
  );
  say("\n3. A new process opens the same database. Nobody tells it what to do.");
  const { input, ...goOn } = crashed;
  const second = await runToEnd(goOn, (message) => screen.take(message));
  screen.finish();
  say("\n4. The same research once more, in a database of its own, without a crash (quietly).");
  if (input.writer === "model")
    say("   What the model answered the first time is used again: the crash is the only difference.");
  const control = orderFor(plan, "uninterrupted");
  const straight = await runToEnd(control, () => undefined);
  if (straight.outcome.fingerprint !== second.outcome.fingerprint) {
    throw new DemoError(
      "The documents changed while the demo ran, so the two reports cannot be compared. Run it again.",
    );
  }
  const topics = Array.from(
    { length: second.outcome.topics },
    (_, index) => `t${String(index + 1).padStart(2, "0")}`,
  );
  const claims = prove({
    topics,
    finishedBefore,
    endedBy: first.endedBy,
    firstPid: first.pid,
    secondPid: second.pid,
    ledger: await readLedger(input.ledger ?? ""),
    failed: { crashed: second.outcome.failed, straight: straight.outcome.failed },
    reports: { crashed: await readFile(input.out), straight: await readFile(control.input.out) },
  });
  say("\nWhat this shows:");
  for (const claim of claims) say(`  ${claim.holds ? "✓" : "✗ NOT TRUE:"} ${claim.text}`);
  say(`\nReport:  ${input.out}`);
  say(`Ledger:  ${input.ledger}`);
  say(`History: npx daruma history ${crashed.runId} --store ${crashed.store}`);
  return claims.every((claim) => claim.holds);
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  say(`The demo failed. ${describeError(error)}`);
  process.exitCode = 1;
}
