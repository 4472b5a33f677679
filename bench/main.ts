/*
 * The benchmark: `npm run bench` measures Daruma, `npm run bench -- --peers` its peers too, in the same run on the same disk.
 * `--json FILE` writes all figures, `--quick` takes less time and gives less certain ones. What is measured, and what is not: BENCHMARKS.md.
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
import { ownTable, peerTable } from "./table.ts";

const here = import.meta.dirname;
const { values } = parseArgs({
  options: {
    peers: { type: "boolean" },
    quick: { type: "boolean" },
    json: { type: "string" },
    only: { type: "string" },
  },
});

const folder = benchFolder();
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

async function peers(): Promise<Measurement[]> {
  if (values.peers !== true) return [];
  if (!existsSync(`${here}/peers/node_modules`)) {
    say("The peers are not installed: npm ci --prefix bench/peers");
    process.exit(2);
  }
  const args = ["--json", ...(values.quick === true ? ["--quick"] : [])];
  return (await jsonOf(`${here}/peers/src/main.ts`, args, { BENCH_DIR: folder.path })) as Measurement[];
}

try {
  if (folder.inMemory)
    say("Beware: the folder is in memory, where a sync costs nothing. Set BENCH_DIR to a folder on a disk.");
  const diskMs = diskLimit(folder.path);
  const ours = values.only === undefined ? await compared() : [];
  const theirs = await peers();
  const rows = await own();
  if (ours.length > 0) say(`\n${peerTable(ours, theirs)}`);
  if (rows.length > 0) say(`\n${ownTable(rows)}`);
  say(
    `\nSingle-row commit on this disk: ${diskMs.toFixed(3)} ms. ${cpus().length} × ${cpus()[0]?.model ?? "?"}, Node ${process.versions.node}.`,
  );
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ diskMs, ours, theirs, rows }, null, 1)}\n`);
} finally {
  folder.remove();
}
