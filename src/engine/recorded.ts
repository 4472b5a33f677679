/**
 * The commands that a history holds for one turn, compared with those that the code asks for when the turn is replayed (H3).
 *
 * Invariants:
 * - The n-th command of the code must equal the n-th recorded one of the same turn in kind, name and position; payloads are compared too when `strict`.
 * - A turn is recorded whole: the code must ask for all of it and for nothing more.
 * - Version marks are no positions: a recorded mark that the code no longer asks for is passed over, so that old gates can be deleted.
 */
import { NonDeterminismError } from "../core/errors.ts";
import type { CommandEvent, VersionMarked } from "../core/events.ts";
import { callSite } from "./call-site.ts";
import { isImposed } from "./history-limit.ts";

/** A cursor on the recorded commands of one turn. */
export class Recorded {
  readonly #commands: readonly CommandEvent[];
  readonly #strict: boolean;
  #next = 0;

  constructor(commands: readonly CommandEvent[], strict: boolean) {
    this.#commands = commands;
    this.#strict = strict;
  }

  /** Compares a command with the next recorded one, which is returned. `near`: the last durable call, where the stack shows no call. @throws NonDeterminismError */
  match(command: CommandEvent, near?: string): CommandEvent {
    this.#skipMarks();
    const recorded = this.#commands[this.#next++];
    if (recorded === undefined) throw mismatch("nothing more in this turn", this.#describe(command), near);
    const same =
      describeCommand(recorded) === describeCommand(command) &&
      (!this.#strict || samePayload(recorded, command));
    if (!same) throw mismatch(this.#describe(recorded), this.#describe(command), near);
    return recorded;
  }

  /** The recorded version of a change at this point, if there is a mark for it here. */
  version(changeId: string): number | undefined {
    for (let at = this.#next; at < this.#commands.length; at++) {
      const command = this.#commands[at];
      if (command?.type !== "version_marked") return undefined;
      if (command.changeId !== changeId) continue;
      this.#next = at + 1;
      return command.version;
    }
    return undefined;
  }

  /** The turn is over: everything recorded must have been asked for. @throws NonDeterminismError */
  finish(near?: string): void {
    this.#skipMarks();
    const recorded = this.#commands[this.#next];
    if (recorded !== undefined && !isImposed(recorded))
      throw mismatch(this.#describe(recorded), "nothing: the code did not ask for it", near);
  }

  #skipMarks(): void {
    while (this.#commands[this.#next]?.type === "version_marked") this.#next++;
  }

  #describe(event: CommandEvent): string {
    const input = "input" in event ? event.input : "result" in event ? event.result : undefined;
    return this.#strict && input !== undefined
      ? `${describeCommand(event)} ${input.slice(0, 200)}`
      : describeCommand(event);
  }
}

function mismatch(expected: string, found: string, near: string | undefined): NonDeterminismError {
  return new NonDeterminismError({ expected, found, site: callSite() ?? near });
}

/** A mark for a change that this run follows. */
export function versionMark(changeId: string, version: number, time: number): VersionMarked {
  return { type: "version_marked", changeId, version, time };
}

function samePayload(a: CommandEvent, b: CommandEvent): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** What is not compared: what differs between a warm run and its replay (times, the stacks of errors), and whose event it is, where a history was exported. */
const passedOver: ReadonlySet<string> = new Set(["time", "failure", "seq", "run", "generation"]);

/** Fields in one order. */
function sorted(event: CommandEvent): unknown[] {
  return Object.entries(event)
    .filter(([key, value]) => !passedOver.has(key) && value !== undefined)
    .map(([key, value]) => [key, key === "input" || key === "result" ? withoutStacks(value) : value] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function withoutStacks(payload: unknown): unknown {
  if (typeof payload !== "string" || !payload.includes('"stack"')) return payload;
  return JSON.parse(payload, (key, value: unknown) => (key === "stack" ? undefined : value));
}

/** Kind, name and position of a command, for comparing and for people. */
export function describeCommand(event: CommandEvent): string {
  const name = "name" in event ? ` ${event.name}` : "";
  const ref = "ref" in event ? ` #${event.ref}` : "";
  return `${event.type}${name}${ref}`;
}
