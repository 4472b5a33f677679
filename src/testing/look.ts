/**
 * What a world looks like when everything is over: every run with its status, its result and its commands, what was called how often, and what the test
 * itself observes outside. Two looks that should be the same can be compared.
 */
import type { CommandEvent, Event } from "../core/events.ts";
import { isCommand } from "../core/events.ts";
import type { Failure } from "../core/failure.ts";
import { encodePayload } from "../core/payload.ts";
import { describeCommand } from "../engine/recorded.ts";
import { readEvents } from "../engine/replay.ts";
import type { RunRow } from "../store/runs.ts";
import { openMemoryStore } from "../stores/memory/store.ts";
import type { World } from "./world.ts";

/** One run, as far as a crash must not change it. Texts, because they are compared and shown. */
export interface RunLook {
  readonly status: string;
  readonly ending: string;
  readonly commands: readonly string[];
  /** What is wrong with the outcomes of its activities. */
  readonly outcomes: readonly string[];
}

/** A world at the end. */
export interface Look {
  /** By id; later generations as `id (generation 2)`. */
  readonly runs: ReadonlyMap<string, RunLook>;
  /** Which activity each idempotency key stands for. */
  readonly keys: ReadonlyMap<string, string>;
  /** Replays that differed. */
  readonly violations: readonly string[];
  readonly observed: string;
}

/** Looks at the world. `observed`: what the test sees outside of it. */
export async function lookAt(world: World, observed: unknown): Promise<Look> {
  const store = openMemoryStore(world.database);
  const rows = await store.runs.list({ limit: Number.MAX_SAFE_INTEGER });
  const runs = new Map<string, RunLook>();
  for (const row of rows.toReversed())
    runs.set(nameOf(row), lookAtRun(row, await readEvents(store.history, row.key)));
  return {
    runs,
    keys: keysOf(world),
    violations: world.violations.look().map(({ message }) => message),
    observed: observed === undefined ? "" : encodePayload(observed, { subject: "what observe() returned" }),
  };
}

function nameOf({ id, generation }: RunRow): string {
  return generation === 1 ? id : `${id} (generation ${generation})`;
}

function lookAtRun(row: RunRow, events: readonly Event[]): RunLook {
  return {
    status: row.parked === undefined ? row.status : `parked: ${reasonOf(row.parked)}`,
    ending: endingOf(events.at(-1)),
    commands: events.filter((event) => isCommand(event)).map((event) => textOf(event)),
    outcomes: outcomesOf(events),
  };
}

function reasonOf(parked: string): string {
  return (JSON.parse(parked) as { message: string }).message;
}

function endingOf(last: Event | undefined): string {
  if (last === undefined) return "";
  if (last.type === "run_completed") return last.result ?? "undefined";
  if (last.type === "run_failed") return failureText(last.failure);
  return "reason" in last && last.reason !== undefined ? `${last.type}: ${last.reason}` : last.type;
}

/** A failure without what may differ from one attempt to another: stacks, and how many attempts there were. */
function failureText({ name, message, code, cause }: Failure): string {
  const own = `${name}${code === undefined ? "" : ` (${code})`}: ${message}`;
  return cause === undefined ? own : `${own}; because of ${failureText(cause)}`;
}

function textOf(event: CommandEvent): string {
  const payload = "input" in event ? event.input : "result" in event ? event.result : undefined;
  const more = "failure" in event && event.failure !== undefined ? failureText(event.failure) : payload;
  const target = event.type === "signal_sent" ? ` to ${event.target}` : "";
  return `${describeCommand(event)}${target}${more === undefined ? "" : ` ${withoutStacks(more)}`}`;
}

function withoutStacks(text: string): string {
  return text.replaceAll(/"stack":"(?:[^"\\]|\\.)*"/gu, '"stack":""');
}

/** Each scheduled activity must have one outcome; or none, if its run was closed while it was open (D4). */
function outcomesOf(events: readonly Event[]): string[] {
  const open = new Map<number, { readonly name: string; outcomes: number }>();
  for (const event of events) {
    if (event.type === "activity_scheduled") open.set(event.ref, { name: event.name, outcomes: 0 });
    const known = isActivityOutcome(event) ? open.get(event.ref) : undefined;
    if (known !== undefined) known.outcomes++;
  }
  return [...open]
    .filter(([, { outcomes }]) => outcomes > 1)
    .map(([ref, { name, outcomes }]) => `activity ${name} #${ref} has ${outcomes} outcomes`);
}

function isActivityOutcome(event: Event): event is Extract<Event, { ref: number }> {
  return ["activity_completed", "activity_failed", "activity_canceled"].includes(event.type);
}

/** Which call each key stands for: two calls with one key are shown as both. */
function keysOf(world: World): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { idempotencyKey, activity, args } of world.calls.all) {
    const call = `${activity} ${withoutStacks(encodePayload(args))}`;
    const known = keys.get(idempotencyKey);
    keys.set(idempotencyKey, known === undefined || known === call ? call : `${known} and ${call}`);
  }
  return keys;
}
