/**
 * The inbox: messages for runs, kept until the run's history has taken them up.
 *
 * A message to an open run is kept, numbered in the order of arrival, and is deleted by the commit that appends what it said (S1).
 * A message whose operation is already waiting for that run is a repeat and is not kept twice (D3).
 */

/**
 * Whom a message is for: one run by key, or the latest generation of an id; with `operation` only if that run was born with it, so that what is meant for a child
 * does not reach a stranger who has its id.
 */
export type Address =
  | { readonly key: number }
  | { readonly id: string; readonly operation?: string | undefined };

/** A message before it has a number. */
export interface NewMessage {
  readonly to: Address;
  /** JSON text; the store does not look into it. */
  readonly body: string;
  readonly operation: string;
}

/** A message as it waits. */
export interface StoredMessage {
  /** Ascending in the order of arrival. */
  readonly id: number;
  readonly key: number;
  readonly body: string;
  readonly operation: string;
}

/** What became of a message. `key` is the run that it was for. */
export type MessageReceipt =
  | { readonly status: "kept" | "repeated" | "closed"; readonly key: number }
  | { readonly status: "not_found" };

/** Reading the inbox; writing is part of a commit. */
export interface Inbox {
  /** The messages that wait for a run, oldest first. */
  read(key: number): Promise<readonly StoredMessage[]>;
}
