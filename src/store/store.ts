/**
 * The contract between the engine and whatever keeps its data. One suite (`testing/store-contract`) checks every implementation.
 *
 * All operations are asynchronous; several processes may use one store at once (an implementation that admits only one says so by refusing the second with
 * `DRM-STORE-BUSY`). A failed operation rejects with a `DarumaError`:
 * - `DRM-STORE-UNAVAILABLE`: the answer is unknown; the same operation may be repeated with the same operation id.
 * - `DRM-STORE-FAILED` and others: the store must not be used any more; the process stops.
 *
 * Texts are kept as UTF-8: every character comes back, NUL too, but a lone surrogate becomes U+FFFD (in ids as well). What is handed in or given out is never shared.
 */
import type { CommitRequest, CommitResult } from "./commit.ts";
import type { Histories } from "./history.ts";
import type { Inbox } from "./inbox.ts";
import type { Records } from "./records.ts";
import type { Runs } from "./runs.ts";
import type { Sessions } from "./sessions.ts";

export interface Store {
  readonly runs: Runs;
  readonly history: Histories;
  readonly inbox: Inbox;
  readonly sessions: Sessions;
  readonly records: Records;
  /** See `commit.ts` for what must hold. */
  commit(request: CommitRequest): Promise<CommitResult>;
  /**
   * Calls `wake` with keys of runs that got a message from another process, as soon as that is known (P1). Best effort: polling `due` is the safety net.
   * A store that only one process can use never calls it. Returns the way to stop listening.
   */
  listen(wake: (keys: readonly number[]) => void): () => void;
  /**
   * True if other processes use, or have used, the store beside this one: then messages may wait in it that the holder of a run has not seen yet, and what comes
   * straight to the holder must not overtake them (S1).
   */
  isShared(): boolean;
  /** Releases everything. Operations after it reject with `DRM-CLOSED`. */
  close(): Promise<void>;
}
