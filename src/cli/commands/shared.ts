/** Words and options that several commands share. */
import type { ProcessFacts } from "../../client/http-words.ts";
import { DarumaError, quoted } from "../../core/errors.ts";
import { printable } from "../../core/printable.ts";
import type { Option, Place } from "../command.ts";
import type { Context } from "../context.ts";
import { nearest } from "../nearest.ts";

export const idPlace: Place = { name: "ID", help: "the run's id" };

export const inputOption: Option = {
  value: "JSON",
  help: "The input: JSON, @FILE with JSON in it, or - for the standard input",
};

export const handlersOption: Option = {
  value: "MODULE",
  help: "The functions that a state machine's tasks call, by name. Default: handlers.ts beside the definition",
};

export const withOption: Option = {
  value: "MODULE",
  help: "The module with the workflow's code, for when no worker is running",
};

/** What to do when nobody moves the runs. */
export const noWorker = "No worker is running now";

/** That nobody who has the code can be asked. */
export function noWorkerError(message: string, fix: string): DarumaError {
  return new DarumaError("DRM-CONNECTION", { message, fix });
}

/** The command that goes on with a store's runs. */
export function workerCommand(context: Context): string {
  return `daruma worker MODULE${context.storeOption}`;
}

/** The error for a workflow that the process which has the database open does not know. */
export function unknownThere(
  workflow: string,
  { pid, workflows }: ProcessFacts,
  remedy: string,
): DarumaError {
  const near = nearest(workflow, workflows);
  const meant = near === undefined ? "" : `Did you mean ${quoted(near)}? Otherwise stop`;
  return new DarumaError("DRM-UNKNOWN-WORKFLOW", {
    message: `Process ${pid} has the database open, and knows no workflow ${quoted(workflow)}.`,
    subject: workflow,
    expected:
      workflows.length === 0 ? "nothing: it has no workflows" : `one of ${workflows.map(quoted).join(", ")}`,
    fix: `${meant === "" ? "Stop" : meant} it (kill ${pid}) and ${remedy}; its open runs go on when their code is there again.`,
  });
}

/** `done` for people, or the facts as JSON. */
export function report(context: Context, done: string, facts: Readonly<Record<string, unknown>>): void {
  if (context.json) context.emit(facts);
  else context.say(printable(done));
}
