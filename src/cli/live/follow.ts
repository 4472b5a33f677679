/**
 * Following a run: its events as they come, through `continueAsNew`, its children's too if they are wanted, and what it waits for when nothing happens.
 *
 * Invariant: an event is shown once, also when the run goes on under another process and is followed there.
 */
import type { Client } from "../../client/client.ts";
import type { HistoryEvent } from "../../core/events.ts";
import type { Io } from "../io.ts";
import { waitsOfCode } from "../text/waits.ts";
import type { View } from "./view.ts";

/** Up to where a run has been shown. */
interface Seen {
  readonly id: string;
  readonly generation: number;
  seq: number;
  /** Somebody is waiting for it to be quiet. */
  watched: boolean;
}

const quietMs = 300;
const mostChildren = 20;

export class Follower {
  readonly #io: Io;
  readonly #view: View;
  readonly #seen: Map<string, Seen> = new Map();
  readonly #parked: (id: string) => void;
  #children = 0;

  /** `parked` is told of a run that cannot go on with the code that is there: no event says so. */
  constructor(io: Io, view: View, parked: (id: string) => void) {
    this.#io = io;
    this.#view = view;
    this.#parked = parked;
  }

  /** Shows the run until it has closed. Rejects when the client can no longer be asked. */
  async follow(client: Client, id: string): Promise<void> {
    for (;;) {
      const { generation } = await client.get(id).describe();
      const last = await this.#followOne(client, this.#begin(id, generation));
      if (last?.type !== "run_continued_as_new") return;
    }
  }

  #begin(id: string, generation: number): Seen {
    const known = this.#seen.get(id);
    if (known?.generation === generation) return known;
    const seen = { id, generation, seq: 0, watched: false };
    this.#seen.set(id, seen);
    return seen;
  }

  async #followOne(client: Client, seen: Seen): Promise<HistoryEvent | undefined> {
    let last: HistoryEvent | undefined;
    if (!seen.watched) void this.#whenQuiet(client, seen);
    for await (const event of client.get(seen.id).history({ from: seen.seq + 1, follow: true })) {
      last = event;
      seen.seq = event.seq;
      this.#view.take(event, seen);
      if (event.type === "child_started") this.#followChild(client, event.id);
      if (!seen.watched) void this.#whenQuiet(client, seen);
    }
    return last;
  }

  /** A child that cannot be followed is still a line of its parent. */
  #followChild(client: Client, id: string): void {
    if (!this.#view.children || this.#children >= mostChildren) return;
    this.#children++;
    const over = (): void => void this.#children--;
    this.follow(client, id).then(over, over);
  }

  /** Only the code knows what it waits for, so the run is asked when nothing has happened for a while. A run that cannot be asked shows nothing. */
  async #whenQuiet(client: Client, seen: Seen): Promise<void> {
    seen.watched = true;
    let before: number;
    do {
      before = seen.seq;
      await this.#io.pause(quietMs);
    } while (seen.seq !== before);
    seen.watched = false;
    const described = await client
      .get(seen.id)
      .describe()
      .catch(() => undefined);
    if (described?.parked === true) this.#parked(seen.id);
    if (described?.historyLength === before && seen.seq === before)
      this.#view.waits(waitsOfCode(described.waits), seen);
  }
}
