/**
 * Histories: append-only, dense, read in chunks. A chunk is what one commit appended to one run.
 */

/** Consecutive events of one run. */
export interface HistoryChunk {
  /** The number of the first event in the chunk. */
  readonly seq: number;
  /** A JSON array of events, as it was committed. */
  readonly events: string;
}

/** Reading histories; appending is part of a commit. */
export interface Histories {
  /** Up to `limit` chunks in order, beginning with the one that holds event `from` (numbers begin at 1). */
  read(key: number, from: number, limit: number): Promise<readonly HistoryChunk[]>;
  /** The last chunk. */
  last(key: number): Promise<HistoryChunk | undefined>;
  /** Heartbeat details kept for open activities: ref and JSON text. */
  heartbeats(key: number): Promise<readonly { readonly ref: number; readonly details: string }[]>;
}
