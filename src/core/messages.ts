/**
 * What can be sent to a run. A message waits in the run's inbox, or goes straight to the run where it is in memory.
 *
 * `pause`, `resume` and `terminate` are for the engine and need no workflow code; the others become outcomes.
 */
import type { ActivityCompleted, ActivityFailed, ChildClosed } from "./events.ts";
import type { Payload } from "./payload.ts";

type Untimed<T> = T extends unknown ? Omit<T, "time"> : never;

export type Message =
  | { readonly type: "signal"; readonly name: string; readonly payload?: Payload | undefined }
  | { readonly type: "update"; readonly name: string; readonly payload?: Payload | undefined }
  | { readonly type: "cancel"; readonly reason?: string | undefined }
  | { readonly type: "pause"; readonly reason?: string | undefined }
  | { readonly type: "resume" }
  | { readonly type: "terminate"; readonly reason?: string | undefined }
  /** The run goes on from the history of another. Code that does not handle that never hears of it. */
  | { readonly type: "forked"; readonly payload?: Payload | undefined }
  /** The answer to a command that came while the run could not take it. `run`: the key of the run that asked, where it is on its way there; what continues that run did not ask. */
  | { readonly type: "answer"; readonly event: Answer; readonly run?: number | undefined };

/** The name of the signal that `forked` becomes for code that handles it (`src/workflow/forked.ts`). */
export const forkedSignal = "daruma.forked";

/** Answers to commands, before they have a time. */
export type Answer = Untimed<ActivityCompleted | ActivityFailed | ChildClosed>;
