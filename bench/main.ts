/*
 * The benchmark: `npm run bench` measures Daruma, `npm run bench -- --peers` its peers too, in the same run on the same disk.
 * `--json FILE` writes all figures, `--quick` takes less time and gives less certain ones, `--only NAMES` chooses scenarios of our own, or `machines`: the
 * comparison of state machines. What is measured, and what is not: BENCHMARKS.md.
 */
import { existsSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { openDaruma } from "./daruma.ts";
import { diskLimit } from "./driver/disk.ts";
import { fullEffort, quickEffort } from "./driver/effort.ts";
import { benchFolder } from "./driver/folder.ts";
import { measure } from "./driver/measure.ts";
import type { Measurement } from "./driver/subject.ts";
import type { Row } from "./own/row.ts";
import { jsonOf } from "./process.ts";
import { machineTables, ownTable, peerTable } from "./table.ts";

const here = import.meta.dirname;
const { values } = parseArgs({
  options: {
    peers: { type: "boolean" },
    quick: { type: "boolean" },
    json: { type: "string" },
    only: { type: "string" },
  },
});

/** Peers that run state machines. */
const machinePeers = ["aws-local-stepfunctions", "localstack"];

const folder = benchFolder();
const quick = values.quick === true ? ["--quick"] : [];
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);

async function compared(): Promise<Measurement[]> {
  const subject = await openDaruma(folder.path);
  const effort = values.quick === true ? quickEffort : fullEffort;
  const onMeasurement = ({ workload, value, unit }: Measurement): void =>
    progress(`daruma ${workload}: ${value} ${unit}`);
  try {
    return await measure(subject, { effort, onMeasurement });
  } finally {
    await subject.close();
  }
}

async function own(): Promise<Row[]> {
  const names = [
    "sequence",
    "latency",
    "fanOut",
    "longRun",
    "sleeping",
    "reopen",
    "replay",
    "aslPass",
    "aslMap",
    "aslDistributed",
    "aslHistory",
  ];
  const chosen = values.only === undefined ? names : values.only.split(",");
  const rows: Row[] = [];
  for (const name of names.filter((one) => chosen.includes(one))) {
    progress(`scenario ${name}`);
    rows.push(...((await jsonOf(`${here}/own/main.ts`, [name, folder.path], {})) as Row[]));
  }
  return rows;
}

/** The peers of this name; all when there are none. */
async function peers(names: readonly string[]): Promise<Measurement<string>[]> {
  if (!existsSync(`${here}/peers/node_modules`)) {
    say("The peers are not installed: npm ci --prefix bench/peers");
    process.exit(2);
  }
  const only = names.length === 0 ? [] : ["--only", names.join(",")];
  const args = ["--json", ...quick, ...only];
  const env = { BENCH_DIR: folder.path };
  return (await jsonOf(`${here}/peers/src/main.ts`, args, env)) as Measurement<string>[];
}

async function machines(): Promise<Measurement<string>[]> {
  const all: Measurement<string>[] = [];
  for (const way of ["embedded", "served"]) {
    const args = [way, folder.path, ...quick];
    all.push(...((await jsonOf(`${here}/asl/ours.ts`, args, {})) as Measurement<string>[]));
  }
  return all;
}

try {
  if (folder.inMemory)
    say("Beware: the folder is in memory, where a sync costs nothing. Set BENCH_DIR to a folder on a disk.");
  const diskMs = diskLimit(folder.path);
  const everything = values.only === undefined;
  const withPeers = values.peers === true;
  const withMachines = withPeers && (everything || values.only?.split(",").includes("machines") === true);
  const ours = everything ? await compared() : [];
  const ourMachines = withMachines ? await machines() : [];
  const theirs = withPeers && (everything || withMachines) ? await peers(everything ? [] : machinePeers) : [];
  const rows = await own();
  if (ours.length > 0) say(`\n${peerTable(ours, theirs)}`);
  if (withMachines) say(`\n${machineTables(ourMachines, theirs)}`);
  if (rows.length > 0) say(`\n${ownTable(rows)}`);
  say(
    `\nSingle-row commit on this disk: ${diskMs.toFixed(3)} ms. ${cpus().length} × ${cpus()[0]?.model ?? "?"}, Node ${process.versions.node}.`,
  );
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ diskMs, ours, ourMachines, theirs, rows }, null, 1)}\n`);
} finally {
  folder.remove();
}
