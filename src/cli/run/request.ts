/** What `daruma run` was asked for, and how the same is asked for again. */
import type { Client } from "../../client/client.ts";
import type { AnyWorkflow } from "../../workflow/workflow.ts";
import { shellWord } from "../context.ts";
import type { Context } from "../context.ts";
import type { LoadedModule } from "../module.ts";

/** What is to be run. */
export interface RunRequest {
  readonly module: LoadedModule;
  readonly workflow: AnyWorkflow;
  readonly input: unknown;
  readonly timeout: number | undefined;
  /** The run's id, given or made. */
  readonly id: string;
  /** True: the user chose the id, so that the run may exist. */
  readonly named: boolean;
  /** The start's operation: all attempts to start are one (D3). */
  readonly operation: string;
}

/** A way to the run, for as long as it lasts. */
export interface Way {
  readonly client: Client;
  /** The process that moves the run; undefined: this one. */
  readonly pid: number | undefined;
}

/** The command that goes on with the run. */
export function commandAgain(context: Context, { module, workflow, id }: RunRequest): string {
  const choice = module.main === workflow ? "" : ` --workflow ${shellWord(workflow.name)}`;
  return `daruma run ${shellWord(module.path)}${choice} --id ${shellWord(id)}${context.storeOption}`;
}
