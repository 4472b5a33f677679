/** What must hold when everything has finished: replays, results, letters, and that nothing is held any more. */
import { CanceledError } from "../../src/index.ts";
import { decodePayload } from "../../src/core/payload.ts";
import type { ActivityCompleted, Event } from "../../src/core/events.ts";
import { replayHistory } from "../../src/engine/determinism.ts";
import { possibleResults } from "./expect.ts";
import { kindOf, programWorkflow } from "./interpreter.ts";
import type { RunModel } from "./model.ts";
import type { Record, Root } from "./scripts.ts";
import type { Workers } from "./workers.ts";
import type { World } from "./world.ts";

const settle = (): Promise<void> => new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));

const idleWorkflow = programWorkflow({ begin: () => 0, finish: () => {} });

/** Replays every history strictly (H2, H3). */
export async function checkReplays(world: World): Promise<void> {
  for (const { model } of world.checker.known.values()) {
    const [id = "", generation = ""] = model.name.split("/");
    const options = {
      workflow: idleWorkflow,
      id,
      generation: Number(generation),
      limits: world.limits,
      ports: { settle },
    };
    try {
      await replayHistory(model.events, options, true);
    } catch (error) {
      world.findings.add("H3", `${model.name} does not replay: ${String(error)}`);
    }
  }
}

/** Each accepted result of an activity is one that was returned, by that attempt (D4). */
export function checkResults(world: World): void {
  for (const { model } of world.checker.known.values()) {
    // What is copied was looked at in the run that it is copied from.
    for (const event of model.events.slice(model.copied)) {
      if (event.type !== "activity_completed") continue;
      const what = `${model.name}/${event.ref} ${event.attempt}`;
      world.findings.check(
        world.ledger.finished.has(what) || wasBroughtAlong(world, model, event),
        "D4",
        () => `${what} has a result that nobody returned`,
      );
    }
  }
}

/** True if the result was one of the run that this one was copied from, and came with it. */
function wasBroughtAlong(
  { checker }: World,
  { events, copied }: RunModel,
  result: ActivityCompleted,
): boolean {
  const note = events[copied];
  if (note?.type !== "run_forked") return false;
  const source = checker.runNamed(`${note.from.id}/${note.from.generation}`);
  return source?.events.some((event) => isSameResult(event, result)) === true;
}

function isSameResult(event: Event, { ref, attempt, result }: ActivityCompleted): boolean {
  const completed = event.type === "activity_completed" && event.ref === ref;
  return completed && event.attempt === attempt && event.result === result;
}

/** Runs that nobody disturbed ended with something that their program can come to. */
export function checkOutcomes(world: World, roots: readonly Root[], record: Record): void {
  for (const { id, program, operation, timeoutMs } of roots) {
    const models = generations(world, id);
    const [first] = models;
    if (first === undefined || operationOf(world, id) !== operation) continue;
    const free = timeoutMs === undefined && world.limits.pendingCommands >= 100 && !isDisturbed(record, id);
    const possible = free ? possibleResults(program) : undefined;
    const found = outcomeOf(models.at(-1));
    if (possible === undefined) continue;
    // What made the earlier generation fail may have canceled a child, which was cleaning up then and ends as canceled.
    const retried = models.some(({ events, copied }) => events[copied]?.type === "run_forked");
    world.findings.check(
      possible.has(found) || (retried && found === "!child"),
      "result",
      () =>
        `${id} came to ${found}, which is none of ${[...possible].join(" | ")}: ${JSON.stringify(program)}`,
    );
  }
}

/** True if somebody wanted to end the run, or one of its children. */
function isDisturbed({ disturbed }: Record, id: string): boolean {
  // What a fork has of the run that it was copied from may hold a cancel.
  return [...disturbed].some((other) => [id, id.replace(/^fork-/, "")].some((one) => isWithin(other, one)));
}

function isWithin(id: string, root: string): boolean {
  return id === root || id.startsWith(`${root}.`);
}

function generations({ checker }: World, id: string): RunModel[] {
  const models: RunModel[] = [];
  for (let model = checker.runNamed(`${id}/1`); model !== undefined;) {
    models.push(model);
    model = checker.runNamed(`${id}/${models.length + 1}`);
  }
  return models;
}

function operationOf({ db }: World, id: string): string | undefined {
  return [...db.state.runs.values()].find(({ row }) => row.id === id && row.generation === 1)?.row.operation;
}

function outcomeOf(model: RunModel | undefined): string {
  const event: Event | undefined = model?.events.at(-1);
  if (event?.type === "run_completed")
    return JSON.stringify(event.result === undefined ? null : decodePayload(event.result));
  if (event?.type === "run_failed") return kindOf(event.failure);
  return event?.type === "run_canceled" ? kindOf(new CanceledError()) : `(${event?.type})`;
}

/** Letters: each once, in the order of their sender, and none of those missing that were acknowledged before one that came (S1). */
export function checkLetters(world: World, record: Record): void {
  for (const { id, sender, acknowledged } of record.letters.values()) {
    const models = generations(world, id);
    const came = lettersOfAll(models, sender);
    const everCame = new Set(models.flatMap(({ events }) => lettersOf(events, sender)));
    const ascending = came.every((n, index) => index === 0 || n > (came[index - 1] ?? 0));
    world.findings.check(ascending, "S1", () => `letters of ${sender} came to ${id} as ${came.join(", ")}`);
    const last = came.at(-1) ?? 0;
    // A run that closes drops what it has not taken up; a retry only brings back what it had.
    const retried = models.some(({ copied }) => copied > 0);
    const missing = acknowledged.filter(
      (n) => n < last && !came.includes(n) && (!retried || everCame.has(n)),
    );
    world.findings.check(
      missing.length === 0,
      "S1",
      () => `letters ${missing.join(", ")} of ${sender} were lost by ${id}`,
    );
  }
  for (const operation of record.refused) {
    const traces = [...world.checker.known.values()].filter(({ model }) => model.operations.has(operation));
    world.findings.check(traces.length === 0, "D3", () => `${operation} was refused and is in a history`);
  }
}

/** Letters of all generations. One that retries another has what is copied from that, and what came to it after the point, once more. */
function lettersOfAll(models: readonly RunModel[], sender: string): number[] {
  const before: number[] = [];
  let latest: number[] = [];
  for (const { events, copied } of models) {
    if (copied === 0) before.push(...latest);
    latest = lettersOf(events, sender);
  }
  return [...before, ...latest];
}

function lettersOf(events: readonly Event[], sender: string): number[] {
  return events.flatMap((event) => {
    if (event.type !== "signal_received" || !event.operation.startsWith(`${sender}#`)) return [];
    return [Number(event.operation.slice(sender.length + 1))];
  });
}

/** No engine holds anything for runs that have closed (C1). */
export function checkHeld(world: World, workers: Workers): void {
  for (const { process, engine } of workers.open) {
    const { memory, activities, closings } = engine?.state ?? {};
    const held = [
      ...(memory?.all() ?? []).map(
        ({ id, key, progress }) => `run ${id} (${key}), which is ${progress.status} here`,
      ),
      ...[...(closings?.keys() ?? [])].map((key) => `somebody who waits for run ${key}`),
    ];
    if (activities !== undefined && activities.running > 0) held.push(`${activities.running} attempts`);
    world.findings.check(held.length === 0, "C1", () => `${process.name} still holds ${held.join("; ")}`);
  }
}
