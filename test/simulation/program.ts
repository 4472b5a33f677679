/**
 * Generated workflows are data: a tree of nodes that one workflow (`interpreter.ts`) walks. So the generator can make any, and can tell what may come out.
 */

/** How an activity behaves. It knows how often it has failed before from its run's history, so that crashes change nothing. */
export type Plan =
  /** Fails `failures` times, then succeeds; `attempts` calls are allowed. */
  | { readonly kind: "flaky"; readonly failures: number; readonly attempts: number }
  /** Its only error is one that is not to be repeated. */
  | { readonly kind: "fatal" }
  /** Never comes back in time; `deaf`: does not even listen to its abort signal. */
  | { readonly kind: "slow"; readonly attempts: number; readonly deaf: boolean }
  /** Says that it is alive; its next attempt goes on where it was. The first attempt falls silent if `silent`. */
  | { readonly kind: "beat"; readonly beats: number; readonly silent: boolean }
  /** Always fails, until the time for all attempts together is over. */
  | { readonly kind: "late" }
  /** Gives up if it waits too long for a slot. */
  | { readonly kind: "queued" };

/** The input of the activity. */
export interface Act {
  readonly label: string;
  readonly plan: Plan;
  readonly ms: number;
}

/** One thing that a workflow does. Durations in milliseconds. Labels are unique among the runs of a simulation. */
export type Node =
  | { readonly do: "act"; readonly label: string; readonly plan: Plan; readonly ms: number }
  | { readonly do: "sleep"; readonly ms: number }
  | { readonly do: "seq" | "all" | "race" | "any" | "settled"; readonly nodes: readonly Node[] }
  | {
      readonly do: "some";
      readonly count: number;
      readonly nodes: readonly Node[];
      readonly ms?: number | undefined;
    }
  | { readonly do: "map"; readonly concurrency: number; readonly nodes: readonly Node[] }
  | { readonly do: "limit"; readonly ms: number; readonly node: Node }
  | { readonly do: "shield" | "try"; readonly node: Node }
  /** Receives a signal, with a time-out if `ms` is there. */
  | { readonly do: "receive"; readonly name: string; readonly ms?: number | undefined }
  /** Waits until the run's counter, which updates and signals raise, has reached `count`. */
  | { readonly do: "until"; readonly count: number; readonly ms?: number | undefined }
  | ChildNode
  /** A change of the code: the same in all runs of a simulation. */
  | { readonly do: "version"; readonly id: string; readonly node: Node };

export interface ChildNode {
  readonly do: "child";
  readonly program: Program;
  /** Several children may want the same one. */
  readonly id?: string | undefined;
  readonly close: "terminate" | "cancel" | "abandon";
  /** Wait for it; start it and cancel it after a while; tell it something first; start it and go on. */
  readonly mode: "wait" | "cancel" | "tell" | "leave";
  readonly timeoutMs?: number | undefined;
}

/** A workflow: its generations run one after the other, each continued as new. */
export interface Program {
  readonly generations: readonly Node[];
  /** On cancel: a shielded activity with this label. */
  readonly cleanup?: string | undefined;
  /** Errors fail the run; otherwise they are its result. */
  readonly raw: boolean;
}

/** The names of all signals that workflows receive. */
export const signalNames: readonly string[] = ["s0", "s1"];
