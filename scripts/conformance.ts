// `npm run conformance`: replays what AWS Step Functions was recorded to do against a server of ours, asks it about published definitions, and prints one table.
// `--kill`: the server is killed (kill -9) and started again after each execution that it has acknowledged. `--filter REGEX`: only cases whose name matches.
// It fails when a case fails that is not listed in test/conformance/known-failures.json with a reason, and when a listed one passes.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { killingProxy } from "../test/conformance/killing-proxy.ts";
import { ConformanceServer } from "../test/conformance/server.ts";
import { freePort } from "../test/support/free-port.ts";
import { definitionsTable } from "./conformance-definitions.ts";
import { run } from "./run.ts";

const recordings = resolve("../shared/asl");

interface Result {
  readonly name: string;
  readonly area: string;
  readonly ok?: boolean;
  readonly skipped?: string;
  readonly diffs?: readonly { readonly p: string }[];
}

type Mode = "lenient" | "strict";
type Known = Readonly<Record<string, string>>;

const { values } = parseArgs({
  options: { filter: { type: "string", default: "." }, kill: { type: "boolean", default: false } },
});

interface Place {
  readonly server: ConformanceServer;
  readonly folder: string;
  readonly port: number;
  readonly lambdaPort: number;
  readonly s3Port: number;
}

/** Does something with a server on an empty store. */
async function withServer<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "daruma-conformance-"));
  const [port, lambdaPort, s3Port] = [await freePort(), await freePort(), await freePort()];
  const store = `sqlite:${join(folder, "store.db")}`;
  const server = new ConformanceServer({ port, store, lambdaPort, s3Port });
  try {
    await server.start();
    return await work({ server, folder, port, lambdaPort, s3Port });
  } finally {
    await server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One replay of the cases whose names match. `isolated`: those that list the whole account. */
async function replay(
  { server, folder, port, lambdaPort, s3Port }: Place,
  { mode, isolated, filter }: { readonly mode: Mode; readonly isolated: boolean; readonly filter: string },
): Promise<Result[]> {
  const proxyPort = values.kill ? await freePort() : undefined;
  const proxy = proxyPort === undefined ? undefined : await killingProxy(server, proxyPort);
  const out = join(folder, "results.json");
  const more = isolated ? "--isolated --concurrency 1" : `--concurrency ${values.kill ? 1 : 12}`;
  try {
    const ran = await run(
      `node ${join(recordings, "replay.mjs")} --endpoint http://127.0.0.1:${proxyPort ?? port} --tier pure,lambda-mock,s3-mock ` +
        `--lambda-port ${lambdaPort} --s3-port ${s3Port} --mode ${mode} --max-seconds 100 --out ${out} --filter ${quoted(filter)} ${more}`,
    );
    if (!ran.ok) throw new Error(ran.output);
    return JSON.parse(readFileSync(out, "utf8")) as Result[];
  } finally {
    await proxy?.close();
  }
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function all(mode: Mode, filter: string = values.filter): Promise<Result[]> {
  const together = await withServer((place) => replay(place, { mode, filter, isolated: false }));
  return [...together, ...(await withServer((place) => replay(place, { mode, filter, isolated: true })))];
}

/** More failures than these are no accident. */
const mostAccidents = 20;

/** Cases wait for real time, and the machine may be busy: what failed without being known to is tried once more, and said. */
async function twice(mode: Mode, isKnown: (result: Result) => boolean): Promise<Result[]> {
  const first = await all(mode);
  const failed = first.filter(
    (result) => result.skipped === undefined && result.ok !== true && !isKnown(result),
  );
  if (failed.length === 0 || failed.length > mostAccidents) return first;
  const names = failed.map(({ name }) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const second = new Map(
    (await all(mode, `^(?:${names.join("|")})$`)).map((result) => [result.name, result]),
  );
  return first.map((result) => {
    const again = failed.includes(result) ? second.get(result.name) : undefined;
    if (again?.ok === true) console.log(`${mode}: passed at the second try: ${result.name}`);
    return again ?? result;
  });
}

interface Case {
  readonly name: string;
  readonly localstackSkipped: readonly string[];
}

function share(results: readonly Result[]): string {
  const counted = results.filter(({ skipped }) => skipped === undefined);
  const passed = counted.filter(({ ok }) => ok === true).length;
  const percent = counted.length === 0 ? 100 : (100 * passed) / counted.length;
  return `${passed}/${counted.length}`.padStart(9) + `${percent.toFixed(1)} %`.padStart(9);
}

function table(lenient: readonly Result[], strict: readonly Result[], extra: ReadonlySet<string>): void {
  const row = (label: string, keep: (result: Result) => boolean): void =>
    console.log(`${label.padEnd(32)}${share(lenient.filter(keep))}${share(strict.filter(keep))}`);
  console.log(`${"area".padEnd(32)}${"lenient".padStart(18)}${"strict".padStart(18)}`);
  const areas = [...new Set(lenient.map(({ area }) => area))].filter((area) => area !== undefined).toSorted();
  const main = ({ name }: Result): boolean => !extra.has(name);
  for (const area of areas) row(area, (result) => result.area === area && main(result));
  row("all", main);
  row("not passed by the recorder", (result) => !main(result));
}

/** Failures that are not known, and known ones that pass. */
function surprises(results: readonly Result[], known: Readonly<Record<string, string>>): string[] {
  return results.flatMap(({ name, ok, skipped, diffs = [] }) => {
    if (skipped !== undefined) return [];
    if (ok !== true && !Object.hasOwn(known, name))
      return [`FAILED  ${name}\n        ${JSON.stringify(diffs[0])?.slice(0, 400)}`];
    return ok === true && Object.hasOwn(known, name) ? [`PASSES  ${name} is listed as a known failure`] : [];
  });
}

if (!existsSync(recordings)) {
  console.log("The recordings of AWS are not here (../shared/asl): only the project's own cases are run.\n");
  const own = await run("vitest run test/server/step-functions test/notations/asl test/integrations");
  console.log(own.output);
  process.exit(own.ok && process.env["CI"] === undefined ? 0 : 1);
}
const { cases } = JSON.parse(readFileSync(join(recordings, "cases.json"), "utf8")) as { cases: Case[] };
const extra = new Set(
  cases.filter(({ localstackSkipped }) => localstackSkipped.length > 0).map(({ name }) => name),
);
const { killed, ...known } = JSON.parse(
  readFileSync("test/conformance/known-failures.json", "utf8"),
) as Record<Mode | "killed", Known>;
/** With `--kill` the outcome of some cases depends on the moment: they are shown and not judged. */
const judged = ({ name }: Result): boolean => !values.kill || !Object.hasOwn(killed, name);
const lenient = await twice(
  "lenient",
  (result) => !judged(result) || Object.hasOwn(known.lenient, result.name),
);
const strict = values.kill
  ? []
  : await twice("strict", ({ name }) => Object.hasOwn({ ...known.lenient, ...known.strict }, name));
table(lenient, strict, extra);
/** All of it is asked for, and no server is killed: definitions do not outlive the question. */
const complete = values.filter === "." && !values.kill;
const definitions = complete
  ? await withServer(({ server }) => definitionsTable(server.url, recordings))
  : [];
const wrong = [
  ...definitions,
  ...surprises(lenient.filter(judged), known.lenient).map((text) => `lenient ${text}`),
  ...surprises(strict, { ...known.lenient, ...known.strict }).map((text) => `strict ${text}`),
];
if (wrong.length > 0) console.log(`\n${wrong.join("\n")}`);
const passed = lenient.filter(({ ok }) => ok === true).length;
console.log(`${passed} passed, ${wrong.length} failed`);
process.exitCode = wrong.length === 0 ? 0 : 1;
