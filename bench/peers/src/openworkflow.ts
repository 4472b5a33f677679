/*
 * OpenWorkflow: a library in the application's process, on a SQLite file.
 *
 * Two settings differ from what it does by itself, both in its favor:
 * - The worker's concurrency is 100 (by itself 1), so that the runs in flight are all worked on.
 * - The result is read through the backend every 10 ms. `handle.result()` looks once a second and cannot be told otherwise,
 *   so that 100 runs in flight could never be more than 100 runs a second, however fast the engine.
 */
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { OpenWorkflow } from "openworkflow";
import { BackendSqlite } from "openworkflow/sqlite";
import { BenchError, expectResult, type Subject } from "../../driver/subject.ts";
import { fanOutSum, increment, versionOf, type Peer } from "./peer.ts";

const CONCURRENCY = 100;
const RESULT_EVERY_MS = 10;
/**
 * Its limit. Steps that start together slip past the check, but the engine then refuses to load the run's history, so that
 * such a run cannot go on after a crash or a sleep: it is not measured as if it could.
 */
const STEPS_IN_A_RUN = 1_000;
const SYNCHRONOUS = ["OFF", "NORMAL", "FULL", "EXTRA"];

/** OpenWorkflow on SQLite. */
export const openworkflow: Peer = {
  name: "openworkflow",
  async open(folder) {
    const backend = BackendSqlite.connect(join(folder, "openworkflow.db"));
    const engine = new OpenWorkflow({ backend });
    const sequential = defineSequential(engine);
    const fanOut = defineFanOut(engine);
    const worker = engine.newWorker({ concurrency: CONCURRENCY });
    await worker.start();
    return subject({
      durability: readBack(backend),
      sequential: async (activities) => result(backend, await sequential.run(activities)),
      async fanOut(activities) {
        if (activities > STEPS_IN_A_RUN)
          throw new BenchError(`a run of more than ${STEPS_IN_A_RUN} steps cannot be resumed`);
        return result(backend, await fanOut.run(activities));
      },
      async close() {
        await worker.stop();
        await backend.stop();
      },
    });
  },
};

type Runs = Pick<Subject, "durability" | "close"> &
  Record<"sequential" | "fanOut", (activities: number) => Promise<unknown>>;

function subject(runs: Runs): Subject {
  const name = `OpenWorkflow ${versionOf("openworkflow")}`;
  return {
    name,
    note:
      `Library in the benchmark's process, node:sqlite; worker concurrency ${CONCURRENCY} (default 1); ` +
      `result polled every ${RESULT_EVERY_MS} ms (handle.result() polls every 1,000 ms); ` +
      "an idle worker polls every 50 to 1,000 ms and cannot be told otherwise.",
    transport: "in-process",
    durability: runs.durability,
    sequential: async (activities) => expectResult(name, await runs.sequential(activities), activities),
    fanOut: async (activities) => expectResult(name, await runs.fanOut(activities), fanOutSum(activities)),
    close: runs.close,
  };
}

type Runnable = Pick<ReturnType<typeof defineSequential>, "run">;

function defineSequential(engine: OpenWorkflow) {
  return engine.defineWorkflow<number, number>(
    { name: "sequential" },
    async ({ input: activities, step }) => {
      let value = 0;
      for (let i = 0; i < activities; i += 1) {
        const current = value;
        value = await step.run({ name: `increment-${i}` }, () => increment(current));
      }
      return value;
    },
  );
}

function defineFanOut(engine: OpenWorkflow): Runnable {
  return engine.defineWorkflow<number, number>({ name: "fanOut" }, async ({ input: activities, step }) => {
    const one = (i: number): Promise<number> => step.run({ name: `increment-${i}` }, () => increment(i));
    const results = await Promise.all(Array.from({ length: activities }, (_, i) => one(i)));
    return results.reduce((sum, each) => sum + each, 0);
  });
}

async function result(
  backend: BackendSqlite,
  handle: Awaited<ReturnType<Runnable["run"]>>,
): Promise<unknown> {
  for (;;) {
    const run = await backend.getWorkflowRun({ workflowRunId: handle.workflowRun.id });
    if (run?.status === "completed") return run.output;
    if (run?.status !== "pending" && run?.status !== "running") {
      throw new BenchError(`OpenWorkflow: run ${run?.status ?? "not found"}: ${JSON.stringify(run?.error)}`);
    }
    await sleep(RESULT_EVERY_MS);
  }
}

/** The settings belong to the connection, so they are read from the one that the backend itself uses. */
function readBack(backend: BackendSqlite): string {
  const { db } = backend as unknown as { db: DatabaseSync };
  const first = (sql: string): unknown => Object.values(db.prepare(sql).get() ?? {})[0];
  const version = String(first("SELECT sqlite_version()"));
  const journal = String(first("PRAGMA journal_mode"));
  const synchronous = SYNCHRONOUS[Number(first("PRAGMA synchronous"))] ?? "?";
  return `SQLite ${version}: journal_mode=${journal}, synchronous=${synchronous}`;
}
