/** The one workflow of the simulation: walks a program. Also the names by which clients talk to it. */
import {
  activity,
  ApplicationError,
  child,
  CanceledError,
  condition,
  continueAsNew,
  getVersion,
  mapConcurrent,
  query,
  runInfo,
  shielded,
  signal,
  sleep,
  some,
  update,
  withTimeout,
  workflow,
} from "../../src/index.ts";
import type { Activity, ActivityOptions, Query, Signal, Update, Workflow } from "../../src/index.ts";
import { behave } from "./behave.ts";
import type { Stage } from "./behave.ts";
import { signalNames } from "./program.ts";
import type { Act, ChildNode, Node, Plan, Program } from "./program.ts";

/** What a signal carries: who sent it, and the sender's count from 1. */
export interface Letter {
  readonly sender: string;
  readonly n: number;
}

/** What an update carries. A negative `by` is refused; with a label the handler runs an activity first. */
export interface Addition {
  readonly by: number;
  readonly label?: string | undefined;
}

export const workflowName = "program";
export const add: Update<Addition, number> = update<Addition, number>("add");
/** How many events the history had when the code last ran. */
export const seen: Query<number> = query<number>("seen");
/** Raises the run's counter. */
export const raise: Signal<Letter> = signal<Letter>("raise");
const signals: Readonly<Record<string, Signal<Letter>>> = Object.fromEntries(
  signalNames.map((name) => [name, signal<Letter>(name)]),
);

type Perform = Activity<[Act], string>;

const fixed = (ms: number): { readonly type: "fixed"; readonly initialInterval: number } => ({
  type: "fixed",
  initialInterval: ms,
});

/** The options that a plan needs. */
function optionsOf(plan: Plan): ActivityOptions {
  switch (plan.kind) {
    case "flaky":
      return { retry: { maximumAttempts: plan.attempts, backoff: fixed(50) } };
    case "fatal":
      return { retry: { maximumAttempts: 3 } };
    case "slow":
      return { startToCloseTimeout: 200, retry: { maximumAttempts: plan.attempts, backoff: fixed(10) } };
    case "beat":
      return { heartbeatTimeout: 1_500, retry: { maximumAttempts: Infinity, backoff: fixed(20) } };
    case "late":
      return { scheduleToCloseTimeout: 900, retry: { maximumAttempts: Infinity, backoff: fixed(100) } };
    case "queued":
      return { scheduleToStartTimeout: 30, taskQueue: "narrow" };
  }
}

/** The workflow, with its activity on a stage of its own: each life of a worker has one. */
export function programWorkflow(stage: Stage): Workflow<Program, unknown> {
  const perform: Perform = activity("act", (act: Act) => behave(act, stage));
  return workflow<Program>(workflowName, (program) => new Walk(perform).program(program));
}

/** One run's walk through its program. */
class Walk {
  readonly #perform: Perform;
  #count = 0;

  constructor(perform: Perform) {
    this.#perform = perform;
  }

  async program({ generations, cleanup, raw }: Program): Promise<unknown> {
    this.#listen();
    const [node, ...rest] = generations;
    try {
      const value = node === undefined ? null : await this.#walk(node);
      if (rest.length === 0) return value;
      return await continueAsNew({ generations: rest, cleanup, raw });
    } catch (error) {
      if (error instanceof CanceledError) {
        if (cleanup !== undefined) await shielded(() => this.#act(cleanup));
        throw error;
      }
      if (raw) throw error;
      return kindOf(error);
    }
  }

  #listen(): void {
    seen.handle(() => runInfo().historyLength);
    raise.handle(() => void this.#count++);
    add.handle(
      async ({ by, label }) => {
        if (label !== undefined) await this.#act(label);
        return (this.#count += by);
      },
      {
        validate: ({ by }) => {
          if (by < 0) throw new ApplicationError("an addition must not be negative");
        },
      },
    );
  }

  #act(label: string, plan: Plan = { kind: "flaky", failures: 0, attempts: 1 }, ms = 0): Promise<string> {
    return this.#perform.with(optionsOf(plan))({ label, plan, ms });
  }

  #all(nodes: readonly Node[]): Promise<unknown>[] {
    return nodes.map((node) => this.#walk(node));
  }

  async #walk(node: Node): Promise<unknown> {
    switch (node.do) {
      case "act":
        return this.#act(node.label, node.plan, node.ms);
      case "sleep":
        await sleep(node.ms);
        return "z";
      case "seq":
        return mapConcurrent(node.nodes, (inner) => this.#walk(inner), { concurrency: 1 });
      case "all":
        return Promise.all(this.#all(node.nodes));
      case "race":
        return Promise.race(this.#all(node.nodes));
      case "any":
        return Promise.any(this.#all(node.nodes));
      case "settled":
        return (await Promise.allSettled(this.#all(node.nodes))).map((one) =>
          one.status === "fulfilled" ? one.value : kindOf(one.reason),
        );
      case "some":
        return this.#some(node);
      case "map":
        return mapConcurrent(node.nodes, (inner) => this.#walk(inner), { concurrency: node.concurrency });
      case "limit":
        return withTimeout(node.ms, () => this.#walk(node.node));
      case "shield":
        return shielded(() => this.#walk(node.node));
      case "try":
        return this.#walk(node.node).catch(kindOf);
      case "receive":
        await signals[node.name]?.receive({ timeout: node.ms });
        return "s";
      case "until":
        await condition(() => this.#count >= node.count, node.ms);
        return "u";
      case "child":
        return startChild(node);
      case "version":
        return getVersion(node.id, -1, 1) === 1 ? this.#walk(node.node) : "old";
    }
  }

  async #some({ count, nodes, ms }: Extract<Node, { do: "some" }>): Promise<number> {
    const calls = nodes.map((node) => () => this.#walk(node));
    return (await some(count, calls, { timeout: ms })).results.length;
  }
}

async function startChild({ program, id, close, mode, timeoutMs }: ChildNode): Promise<unknown> {
  const handle = child.start<Program, unknown>(workflowName, program, {
    id,
    parentClose: close,
    timeout: timeoutMs,
  });
  if (mode === "leave") return "left";
  if (mode === "tell") handle.signal(raise, { sender: `parent of ${handle.id}`, n: 1 });
  if (mode === "cancel") {
    await sleep(50);
    handle.cancel("the parent wants it");
  }
  return handle.result();
}

const kinds: Readonly<Record<string, string>> = {
  act: "!act",
  fatal: "!fatal",
  TimeoutError: "!timeout",
  ChildError: "!child",
  AggregateError: "!any",
  CanceledError: "!canceled",
};

/** The kind of an error, as results name it. */
export function kindOf(error: unknown): string {
  const { name, code } = error as { readonly name?: string; readonly code?: string };
  return kinds[name ?? ""] ?? `!${name} ${code ?? ""}`;
}
