/* What the interpreter of the Amazon States Language costs. Each in a process of its own; called by bench/own/main.ts. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Daruma, workflow } from "daruma";
import type { AnyWorkflow, RunHandle } from "daruma";
import { eventsQuery, stateMachine } from "daruma/asl";
import { aslWorkflow } from "../../src/notations/asl/workflow.ts";
import { codeHost } from "../../src/embedded/asl-host.ts";
import type { ExecutionInput } from "../../src/notations/asl/execution.ts";
import { median } from "../own/row.ts";
import type { Row } from "../own/row.ts";
import { counter, distributed, mapOfTasks, passes } from "./machines.ts";

type Scenario = (folder: string) => Promise<Row[]>;

const megabyte = 2 ** 20;

function open(folder: string, workflows: readonly AnyWorkflow[]): Promise<Daruma> {
  return Daruma.open(`sqlite:${join(folder, `asl-${workflows[0]?.name}.db`)}`, {
    workflows,
    checkDeterminism: false,
  });
}

/** Runs per second, 100 in flight. */
async function rate(total: number, once: () => Promise<void>): Promise<number> {
  let left = total;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await once();
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: 100 }, lane));
  return (1000 * total) / (performance.now() - from);
}

async function medianRate(total: number, once: () => Promise<void>): Promise<number> {
  await rate(total, once);
  const rates: number[] = [];
  for (let i = 0; i < 5; i++) rates.push(await rate(total, once));
  return median(rates);
}

/** Ten Pass states, and a plain workflow that does nothing, on the same file. */
const pass: Scenario = async (folder) => {
  const machine = stateMachine(passes(10), { name: "passes" });
  const plain = workflow("plain", async (input: unknown) => input);
  const daruma = await open(folder, [machine, plain]);
  const input = { value: 1 };
  const value = await medianRate(
    5000,
    async () => void (await (await daruma.start(machine, { input })).result()),
  );
  const base = await medianRate(
    5000,
    async () => void (await (await daruma.start(plain, { input })).result()),
  );
  await daruma.close();
  return [
    {
      workload: "state machine of 10 Pass states, 100 in flight",
      value,
      unit: "runs/s",
      must: 3000,
      better: "higher",
      note: `an empty TypeScript workflow beside it: ${Math.round(base)} runs/s`,
    },
  ];
};

const map: Scenario = async (folder) => {
  const machine = stateMachine(mapOfTasks, { name: "map", handlers: { Identity: (item) => item } });
  const daruma = await open(folder, [machine]);
  const input = Array.from({ length: 1000 }, (_, i) => ({ i }));
  const once = async (): Promise<number> => {
    const from = performance.now();
    const run = await daruma.start(machine, { input });
    await run.result();
    return 1_000_000 / (performance.now() - from);
  };
  for (let i = 0; i < 10; i++) await once();
  const rates: number[] = [];
  for (let i = 0; i < 15; i++) rates.push(await once());
  await daruma.close();
  return [
    {
      workload: "Map of 1,000 items, a task each",
      value: median(rates),
      unit: "tasks/s",
      must: 10_000,
      better: "higher",
      note: "",
    },
  ];
};

const items = 100_000;

/** Apart, so that nothing of the texts stays in the memory that is measured. */
function writeItems(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const lines = Array.from({ length: items }, (_, i) => JSON.stringify({ id: i, name: `item ${i}` }));
  writeFileSync(join(folder, "items.jsonl"), `${lines.join("\n")}\n`);
}

const distributedMap: Scenario = async (folder) => {
  writeItems(join(folder, "items"));
  const account = { region: "us-east-1", account: "123456789012" };
  const engine = aslWorkflow(codeHost({ ...account, files: { root: folder } }));
  const daruma = await open(folder, [engine]);
  const arn = "arn:aws:states:us-east-1:123456789012:stateMachine:distributed";
  const id = "arn:aws:states:us-east-1:123456789012:execution:distributed:one";
  const input: ExecutionInput = {
    ...account,
    definition: JSON.stringify(distributed("items.jsonl")),
    input: "{}",
    execution: { arn: id, name: "one", roleArn: "arn:aws:iam::123456789012:role/bench" },
    machine: { arn, name: "distributed", type: "STANDARD" },
    awsLimits: false,
  };
  let most = 0;
  const meter = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 100);
  const from = performance.now();
  const run = await daruma.start(engine, { id, input });
  await run.result();
  const seconds = (performance.now() - from) / 1000;
  clearInterval(meter);
  await daruma.close();
  return [
    {
      workload: "Distributed Map of 100,000 items",
      value: items / seconds,
      unit: "items/s",
      must: 5000,
      better: "higher",
      note: "JSON lines from a folder, a child execution each",
    },
    {
      workload: "Distributed Map of 100,000 items: memory",
      value: most / megabyte,
      unit: "MB",
      must: 500,
      better: "lower",
      note: "largest resident set of the process",
    },
  ];
};

/** A history that ends at AWS's limit, of an execution that is not in memory. */
const history: Scenario = async (folder) => {
  const machine = stateMachine(counter, { name: "counter" });
  const openHistory = (): Promise<Daruma> =>
    Daruma.open(`sqlite:${join(folder, "asl-history.db")}`, {
      workflows: [machine],
      checkDeterminism: false,
    });
  let daruma = await openHistory();
  let run: RunHandle = await daruma.start(machine, { input: { n: 0, to: 6248 } });
  await run.result();
  const times: number[] = [];
  let total = 0;
  for (let i = 0; i < 7; i++) {
    // Asked of a process that has just come: nothing of the execution is in memory.
    await daruma.close();
    daruma = await openHistory();
    run = daruma.get(run.id);
    const from = performance.now();
    for (let read = 0; read === 0 || read < total; read += 1000)
      ({ total } = await run.query(eventsQuery, { from: read + 1, count: 1000 }));
    times.push(performance.now() - from);
  }
  await daruma.close();
  return [
    {
      workload: `history of ${total} events, computed and read`,
      value: median(times),
      unit: "ms",
      must: 300,
      better: "lower",
      note: "a closed execution: replay included",
    },
  ];
};

export const aslScenarios: Readonly<Record<string, Scenario>> = {
  aslPass: pass,
  aslMap: map,
  aslDistributed: distributedMap,
  aslHistory: history,
};
