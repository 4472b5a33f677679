/*
 * Measures the other engines, each in a process of its own, so that none leaves its heap, timers or files to the next.
 * Standard output is the JSON array of measurements and nothing else; whatever an engine prints goes to standard error.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { measureMachines } from "../../asl/compare.ts";
import { measure } from "../../driver/measure.ts";
import type { Measurement } from "../../driver/subject.ts";
import { measureInChild } from "./child.ts";
import { measurePeer } from "./measure.ts";

const NODE_MODULES = new URL("../node_modules", import.meta.url);

/** Loaded when they are measured: an engine that is not asked for must not cost anything. */
const peers: ReadonlyMap<string, (quick: boolean) => Promise<Measurement<string>[]>> = new Map([
  [
    "openworkflow",
    async (quick) => measurePeer((await import("./openworkflow.ts")).openworkflow, { quick, measure }),
  ],
  ["dbos", async (quick) => measurePeer((await import("./dbos.ts")).dbos, { quick, measure })],
  ["restate", async (quick) => measurePeer((await import("./restate.ts")).restate, { quick, measure })],
  [
    "aws-local-stepfunctions",
    async (quick) => {
      const { awsLocalStepfunctions } = await import("./aws-local-stepfunctions.ts");
      return measurePeer(awsLocalStepfunctions, { quick, measure: measureMachines });
    },
  ],
  [
    "localstack",
    async (quick) =>
      measurePeer((await import("./localstack.ts")).localstack, { quick, measure: measureMachines }),
  ],
]);

const USAGE = `Usage: node bench/peers/src/main.ts [--json] [--only NAMES] [--quick]

Measures the other engines on the workloads of the benchmark. Progress goes to standard error.
  --json   print the measurements to standard output, as one JSON array
  --only   engines, separated by commas, of ${[...peers.keys()].join(", ")}
  --quick  shorter and less certain
Databases are made in BENCH_DIR, or in the folder for temporary files.
Exit codes: 0 measured, 1 an engine could not be opened or closed, 2 wrong usage or not installed.
Example: node bench/peers/src/main.ts --json --only dbos,restate
`;

interface Options {
  readonly names: readonly string[];
  readonly json: boolean;
  readonly quick: boolean;
}

/** Standard output belongs to the result: whoever else writes to it writes to standard error. */
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

const options = readOptions(process.argv.slice(2));
if (!existsSync(NODE_MODULES))
  refuse("The other engines are not installed. Install them with: npm ci --prefix bench/peers\n");
const outcomes = await measureAll(options);
const all = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value : []));
if (options.json) print(`${JSON.stringify(all)}\n`);
process.exit(outcomes.every((outcome) => outcome.status === "fulfilled") ? 0 : 1);

function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: "boolean", default: false },
        only: { type: "string" },
        quick: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) finish(USAGE, 0);
    const names = values.only?.split(",") ?? [...peers.keys()];
    const unknown = names.filter((name) => !peers.has(name));
    if (unknown.length > 0) refuse(`Unknown engine: ${unknown.join(", ")}\n\n${USAGE}`);
    return { names, json: values.json, quick: values.quick };
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function refuse(text: string): never {
  process.stderr.write(text);
  process.exit(2);
}

function finish(text: string, code: number): never {
  print(text);
  process.exit(code);
}

async function measureAll({ names, quick }: Options): Promise<PromiseSettledResult<Measurement<string>[]>[]> {
  const settled: PromiseSettledResult<Measurement<string>[]>[] = [];
  for (const name of names) {
    const [outcome] = await Promise.allSettled([measureNamed(name, { quick, alone: names.length === 1 })]);
    if (outcome.status === "rejected") process.stderr.write(`${name}: ${String(outcome.reason)}\n`);
    settled.push(outcome);
  }
  return settled;
}

async function measureNamed(
  name: string,
  how: { quick: boolean; alone: boolean },
): Promise<Measurement<string>[]> {
  const here = peers.get(name);
  return !how.alone || !here ? measureInChild(name, how.quick) : here(how.quick);
}
