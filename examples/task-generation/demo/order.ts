/** What a process of the demo is told, and what it says. */
import type { Weather } from "../generation/simulated.ts";
import type { LogLine } from "../log.ts";
import type { Progress, WorkflowInput, WorkflowOutput } from "../types.ts";

export interface Order {
  /** Where its two databases are: the engine's and the example's. */
  readonly folder: string;
  readonly runId: string;
  /** Given: a new run is started. Not given: the store has the run, and opening the store lets it go on. */
  readonly input?: WorkflowInput;
  readonly weather: Weather;
}

/** Lines of JSON on its standard output. */
export type Message =
  | { readonly kind: "log"; readonly line: LogLine }
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "result"; readonly output: WorkflowOutput }
  | { readonly kind: "error"; readonly text: string };

/** The databases of a folder. */
export function databasesIn(folder: string): { readonly store: string; readonly tasks: string } {
  return { store: `sqlite:${folder}/daruma.db`, tasks: `sqlite:${folder}/tasks.db` };
}
