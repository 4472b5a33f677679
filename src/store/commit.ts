/**
 * The commit: the one way in which anything of a run becomes durable.
 *
 * Invariants that every store keeps, and that the contract suite checks:
 * - A commit is applied whole or not at all, and its promise resolves only when it is durable (D1, D2).
 * - A run write is applied only if the run's `epoch` and `head` are the expected ones; otherwise that write, with its messages and children, is left out
 *   and reported as fenced (L1, H1). The other writes of the same commit are applied.
 * - A closed run takes no writes: they are fenced. A run that closes gives up all that it holds: holder, `wakeAt`, `paused`, `parked`, messages, heartbeats (C1).
 *   Its messages go to its heir, if it has one: what was acknowledged is not lost with a generation (S1).
 * - Run writes come first, each followed by its children; then the messages that applied writes send; then the messages from outside. So a message to a run
 *   that the same commit creates arrives, and one to a run that it closes is answered with `closed`.
 * - A commit of a session that the store does not know rejects with `DRM-FENCED`.
 * - A repeat of the session's last commit (same `operation`) changes nothing and gets the same answer (D3). A session has one commit under way at a time.
 */
import type { RunStatus } from "../core/status.ts";
import type { NewMessage, MessageReceipt } from "./inbox.ts";

/** What a run is born with. */
export interface NewRun {
  /** The name that users give; unique together with `generation`. */
  readonly id: string;
  /** 1 for a run that was started, n + 1 for the run that continues generation n as new, or retries it. Taken if the id has this generation or a later one. */
  readonly generation: number;
  readonly workflow: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The starter's operation id: a second start with the same one is a repeat, not a duplicate (D3). */
  readonly operation: string;
  readonly parentKey?: number | undefined;
}

/** What the run row says after a write. */
export interface RunState {
  readonly status: RunStatus;
  readonly paused: boolean;
  /** Why the run cannot go on with the code at hand, as JSON text; absent: it can. */
  readonly parked?: string | undefined;
  /** 0: something is to be done as soon as there is a holder; otherwise when the earliest timer is due (epoch milliseconds); absent: it waits for others. */
  readonly wakeAt?: number | undefined;
  /** Epoch milliseconds; present if and only if the status is a closed one. */
  readonly closedAt?: number | undefined;
}

/** A heartbeat that the next attempt may read. */
export interface HeartbeatWrite {
  readonly ref: number;
  readonly details: string;
}

/** One run's part of a commit. */
export interface RunWrite {
  readonly key: number;
  /** Present when the run does not exist yet. */
  readonly create?: NewRun | undefined;
  /** The holder's epoch. For a new run: the epoch that it gets; the session holds it then, unless the epoch is 0: nobody holds it until it is claimed. */
  readonly epoch: number;
  /** The number of the last event before this write; 0 for a new run. */
  readonly head: number;
  /** A JSON array of `count` events; the first gets the number `head + 1`. Ignored if `count` is 0. */
  readonly events: string;
  readonly count: number;
  readonly state: RunState;
  /** Messages of this run's inbox that these events took up; they are deleted. */
  readonly consumed?: readonly number[] | undefined;
  /** Messages that go out with this write. */
  readonly messages?: readonly NewMessage[] | undefined;
  /** Runs that are born with this write: children, or the run that continues this one. A taken id leaves out that run alone and is reported. */
  readonly children?: readonly RunWrite[] | undefined;
  /** Goes out instead of the run that this write would create, if that is left out because its id is taken. */
  readonly refusal?: NewMessage | undefined;
  /** The key of the one among `children` that continues this run: it gets the messages that wait and are not consumed, in their order. */
  readonly heir?: number | undefined;
  readonly heartbeats?: readonly HeartbeatWrite[] | undefined;
  /** The holder gives the run up: nobody holds it until it is claimed. */
  readonly release?: boolean | undefined;
  /** Activities whose heartbeats are no longer needed. A closed run's are deleted with its closing. */
  readonly settled?: readonly number[] | undefined;
}

/** A group of writes and messages that become durable together. */
export interface CommitRequest {
  readonly session: string;
  /** Unique for each commit of the session. */
  readonly operation: string;
  readonly runs: readonly RunWrite[];
  /** Messages from outside, to be kept although no run write sends them. */
  readonly messages: readonly NewMessage[];
}

/** What a commit did. */
export interface CommitResult {
  /** Keys of run writes that were left out: another holder has the run, or it has moved on. */
  readonly fenced: readonly number[];
  /** Keys of runs that were not created because their id and generation are taken. Their row stays as it was. */
  readonly duplicates: readonly number[];
  /** One receipt for each entry of `messages`, in order. */
  readonly receipts: readonly MessageReceipt[];
  /** Keys of runs that got a message through this commit (from outside or from another run), each once. */
  readonly notified: readonly number[];
}
