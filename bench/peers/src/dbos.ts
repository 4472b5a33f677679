/*
 * DBOS: a library in the application's process; every workflow start, step and result is a transaction on PostgreSQL.
 * Workflows are started directly in this process, as its quick start does; the handle resolves without polling.
 */
import { DBOS } from "@dbos-inc/dbos-sdk";
import { expectResult, type Subject } from "../../driver/subject.ts";
import { fanOutSum, increment, versionOf, type Peer } from "./peer.ts";
import { startPostgres, type Postgres } from "./postgres.ts";

async function sequentialSteps(activities: number): Promise<number> {
  let value = 0;
  for (let i = 0; i < activities; i += 1) value = await step(value);
  return value;
}

async function fanOutSteps(activities: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: activities }, (_, i) => step(i)));
  return results.reduce((sum, each) => sum + each, 0);
}

function step(input: number): Promise<number> {
  return DBOS.runStep(() => increment(input), { name: "increment" });
}

/** DBOS Transact on PostgreSQL. */
export const dbos: Peer = {
  name: "dbos",
  async open(folder) {
    const postgres = await startPostgres(folder);
    try {
      return await launch(postgres);
    } catch (error) {
      await postgres.stop();
      throw error;
    }
  },
};

async function launch(postgres: Postgres): Promise<Subject> {
  const name = `DBOS ${versionOf("@dbos-inc/dbos-sdk")}`;
  DBOS.setConfig({
    name: "bench",
    systemDatabaseUrl: postgres.url("bench"),
    logLevel: "error",
  });
  const sequential = DBOS.registerWorkflow(sequentialSteps, { name: "sequential" });
  const fanOut = DBOS.registerWorkflow(fanOutSteps, { name: "fanOut" });
  await DBOS.launch();
  const run = async (workflow: typeof sequential, activities: number): Promise<number> =>
    (await DBOS.startWorkflow(workflow)(activities)).getResult();
  return {
    name,
    note:
      "Library in the benchmark's process, its own defaults (pool of 10 connections); workflows are started directly, " +
      "not through a queue, and the handle resolves without polling. PostgreSQL with its own defaults is a process beside it; " +
      "every step is a transaction over TCP on the loopback address.",
    transport: "socket",
    durability: postgres.durability,
    sequential: async (activities) => expectResult(name, await run(sequential, activities), activities),
    fanOut: async (activities) => expectResult(name, await run(fanOut, activities), fanOutSum(activities)),
    async close() {
      await DBOS.shutdown();
      await postgres.stop();
    },
  };
}
