/**
 * Sessions: a worker's right to hold runs until a time. The store's clock decides, never a worker's (L1).
 *
 * A session that is late in renewing may go on as long as nobody has claimed its runs; those that were claimed are fenced by their epoch.
 */

/**
 * What became of a renewal. `late`: the lease was over before it was extended, so others may have claimed runs of the session meanwhile. `unknown`: the session was
 * closed or removed, and its holder must open a new one.
 */
export type Renewal = "renewed" | "late" | "unknown";

export interface Sessions {
  /** A new session whose lease ends `leaseMs` from now. `label` says for people who it is (host, process id). */
  open(label: string, leaseMs: number): Promise<string>;
  /** Extends the lease. */
  renew(session: string, leaseMs: number): Promise<Renewal>;
  /** Ends the lease at once; its runs can be claimed by others. */
  close(session: string): Promise<void>;
}
