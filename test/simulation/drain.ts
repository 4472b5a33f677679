/**
 * The end of a simulation: the faults are over, and everything must finish.
 *
 * Runs go on by themselves until each that is still open waits for somebody outside, and says so (L2). Those get what they wait for, and so on until all have closed.
 */
import type { RunRecord } from "../../src/stores/memory/database.ts";
import { hasAnswer } from "./checker.ts";
import type { Clients } from "./clients.ts";
import { add, raise } from "./interpreter.ts";
import { signalNames } from "./program.ts";
import type { RunModel } from "./model.ts";
import type { Workers } from "./workers.ts";
import { leaseMs } from "./workers.ts";
import type { World } from "./world.ts";

/** The longest that a run may take from one thing to the next: waits of programs, leases of the dead, looks of the safety net (milliseconds). */
const longestMs = 60_000 + 4 * leaseMs;
const mostRounds = 40;

interface Parts {
  readonly world: World;
  readonly workers: Workers;
  readonly clients: Clients;
}

/** Brings everything to its end. @throws Violation if that cannot be done */
export async function drain(
  parts: Parts,
  go: (until: () => boolean, ms: number) => Promise<void>,
): Promise<void> {
  const { world, clients } = parts;
  await go(() => clients.idle, 10 * 60_000);
  world.findings.check(clients.idle, "L2", () => `clients wait for ever: ${clients.unanswered.join("; ")}`);
  for (let round = 0; round < mostRounds; round++) {
    await go(() => openRuns(world).every((run) => reasonInside(world, run) === undefined), longestMs * 3);
    const open = openRuns(world);
    for (const run of open) {
      const reason = reasonInside(world, run);
      world.findings.check(reason === undefined, "L2", () => `${run.row.id} does not go on: ${reason}`);
    }
    world.findings.raise();
    if (open.length === 0) break;
    for (const { row } of open) clients.run(() => poke(parts, row.id, row.paused));
    await go(() => clients.idle, longestMs * 3);
    world.findings.check(clients.idle, "L2", () => `nobody answers: ${clients.unanswered.join("; ")}`);
  }
  const left = openRuns(world).map(({ row }) => row.id);
  world.findings.check(
    left.length === 0,
    "L2",
    () => `these never end, whatever they get: ${left.join(", ")}`,
  );
  // What was under way when the last run closed.
  await go(() => false, 3 * leaseMs);
  world.findings.check(
    clients.unanswered.length === 0,
    "L2",
    () => `never answered: ${clients.unanswered.join("; ")}`,
  );
}

function openRuns({ db }: World): RunRecord[] {
  return [...db.state.runs.values()].filter(({ row }) => row.status === "running");
}

/** Why a run should move by itself; undefined: it waits for somebody outside. */
function reasonInside(world: World, run: RunRecord): string | undefined {
  const { row, inbox } = run;
  const model = world.checker.known.get(row.key)?.model;
  if (model === undefined) return "nobody has seen it";
  const controls = [...inbox.values()].map(({ body }) => body.slice(0, 60));
  if (row.paused) return controls.some(isOrder) ? `an order waits: ${controls.join(" ")}` : undefined;
  if (controls.length > 0) return `messages wait: ${controls.join(" ")}`;
  if (model.wakeAt !== undefined) return `something is due at ${model.wakeAt}`;
  return missingChild(world, model, run);
}

function isOrder(body: string): boolean {
  return /"type":"(?:cancel|resume|terminate)"/.test(body);
}

/** A child that is said to be open must be, or must have answered. */
function missingChild({ db }: World, model: RunModel, run: RunRecord): string | undefined {
  for (const [ref, { id }] of model.children) {
    const open = [...db.state.runs.values()].some(
      ({ row }) => row.status === "running" && row.id === id && row.parentKey === run.row.key,
    );
    if (!open && !hasAnswer(run, ref)) return `it waits for child ${id}, which is not there`;
  }
  return undefined;
}

/** Where all runs with this id stand. */
function headsOf({ db }: World, id: string): string {
  const runs = [...db.state.runs.values()].filter(({ row }) => row.id === id);
  return runs.map(({ row }) => row.head).join(",");
}

/** Gives a run what it may be waiting for; asks first what that is. */
async function poke({ world, clients }: Parts, id: string, paused: boolean): Promise<void> {
  const before = headsOf(world, id);
  const described = await clients.call(`describe ${id}`, (client) => client.get(id).describe());
  if (described !== undefined && "value" in described && headsOf(world, id) === before) {
    const { status, waits } = described.value;
    world.findings.check(
      status !== "running" || waits.length > 0,
      "L2",
      () => `nobody can say what ${id} waits for`,
    );
  }
  if (paused) await clients.call(`resume ${id}`, (client) => client.get(id).resume());
  for (const name of [...signalNames, raise.name]) {
    const letter = { sender: "the end", n: 0 };
    await clients.call(`signal ${name} to ${id}`, (client) => client.get(id).signal(name, letter));
  }
  await clients.call(`update ${id}`, (client) => client.get(id).update(add, { by: 1 }));
}
