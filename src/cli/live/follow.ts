/**
 * Following a run: its events as they come, through `continueAsNew`, its children's too if they are wanted, and what it waits for when nothing happens.
 *
 * Invariant: an event is shown once, also when the run goes on under another process and is followed there.
 */
import type { RunDescription } from "../../client/backend.ts";
import type { Client } from "../../client/client.ts";
import type { HistoryEvent } from "../../core/events.ts";
import type { Io } from "../io.ts";
import type { ShownWait, View } from "./view.ts";

/** Up to where a run has been shown. */
interface Seen {
  generation: number;
  seq: number;
}

const quietMs = 300;
const mostChildren = 20;

export class Follower {
  readonly #io: Io;
  readonly #view: View;
  readonly #seen: Map<string, Seen> = new Map();
  #children = 0;

  constructor(io: Io, view: View) {
    this.#io = io;
    this.#view = view;
  }

  /** Shows the run until it has closed. Rejects when the client can no longer be asked. */
  async follow(client: Client, id: string): Promise<void> {
    for (;;) {
      const { generation } = await client.get(id).describe();
      const last = await this.#followOne(client, id, this.#begin(id, generation));
      if (last?.type !== "run_continued_as_new") return;
    }
  }

  #begin(id: string, generation: number): Seen {
    const known = this.#seen.get(id);
    if (known?.generation === generation) return known;
    const seen = { generation, seq: 0 };
    this.#seen.set(id, seen);
    return seen;
  }

  async #followOne(client: Client, id: string, seen: Seen): Promise<HistoryEvent | undefined> {
    let last: HistoryEvent | undefined;
    let asking = 0;
    for await (const event of client.get(id).history({ from: seen.seq + 1, follow: true })) {
      last = event;
      seen.seq = event.seq;
      this.#view.take(event, id);
      if (event.type === "child_started") this.#followChild(client, event.id);
      const turn = ++asking;
      void this.#io
        .pause(quietMs)
        .then(() => (turn === asking ? this.#showWaits(client, id, seen) : undefined));
    }
    asking++;
    return last;
  }

  /** A child that cannot be followed is still a line of its parent. */
  #followChild(client: Client, id: string): void {
    if (!this.#view.children || this.#children >= mostChildren) return;
    this.#children++;
    const over = (): void => void this.#children--;
    this.follow(client, id).then(over, over);
  }

  /** Only the code knows what it waits for, so the run is asked; a run that cannot be asked shows nothing. */
  async #showWaits(client: Client, id: string, seen: Seen): Promise<void> {
    const { seq } = seen;
    const described = await client
      .get(id)
      .describe()
      .catch(() => undefined);
    if (described !== undefined && described.historyLength === seq)
      this.#view.waits(waitsOfCode(described), id);
  }
}

/** What a history does not show: messages, conditions, a worker. */
export function waitsOfCode({ waits }: Pick<RunDescription, "waits">): readonly ShownWait[] {
  return waits.filter(({ what }) => !/^(?:activity|child|timer) /u.test(what));
}
