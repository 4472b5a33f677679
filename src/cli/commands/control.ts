/** `daruma pause`, `resume`, `cancel`, `terminate` */
import type { RunDescription } from "../../client/backend.ts";
import type { RunHandle } from "../../client/run-handle.ts";
import { printable } from "../../core/printable.ts";
import type { Command, Options } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { withRuns } from "../reach.ts";
import type { Reached } from "../reach.ts";
import { words } from "../text/event-text.ts";
import { idPlace, noWorker, report, workerCommand } from "./shared.ts";

interface Control {
  readonly name: "pause" | "resume" | "cancel" | "terminate";
  readonly summary: string;
  readonly details: string;
  send(run: RunHandle, reason: string | undefined): Promise<void>;
  /** True when it has taken effect. */
  done(run: RunDescription): boolean;
}

const reasonOption: Options = { reason: { value: "TEXT", help: "Why; the history keeps it" } };

function commandOf(control: Control): Command {
  const { name, summary, details } = control;
  return {
    name,
    summary,
    places: [idPlace],
    options: name === "resume" ? {} : reasonOption,
    details: [details],
    examples: [`daruma ${name} research-42${name === "resume" ? "" : ' --reason "no longer needed"'}`],
    run: async (context) => {
      const sent = { before: false };
      return await withRuns(context, (reached) => apply(context, reached, { control, sent }));
    },
  };
}

const settleMs = 1000;
const stepMs = 10;

interface Applied {
  readonly control: Control;
  /** An attempt was made before, and may have had its effect. */
  readonly sent: { before: boolean };
}

async function apply(
  context: Context,
  { client, process }: Reached,
  { control, sent }: Applied,
): Promise<number> {
  const id = context.place(0);
  const run = client.get(id);
  const repeated = sent.before && control.done(await run.describe());
  sent.before = true;
  if (!repeated) await control.send(run, context.text("reason"));
  let described = await run.describe();
  const until = context.io.now() + settleMs;
  while (!control.done(described) && context.io.now() < until) {
    await context.io.pause(stepMs);
    described = await run.describe();
  }
  const { status, paused } = described;
  report(context, sentence(context, described, control, process === undefined), {
    run: id,
    request: control.name,
    status,
    paused,
    worker: process?.pid ?? null,
  });
  return exitCodes.done;
}

function sentence(context: Context, run: RunDescription, control: Control, alone: boolean): string {
  const id = printable(run.id);
  if (control.name !== "cancel" || run.status !== "running")
    return `${id} is ${run.paused ? "paused" : words(run.status)}.`;
  if (!alone) return `Cancel of ${id} was requested.`;
  return `Cancel of ${id} is kept. ${noWorker}; the run is told when one starts: ${workerCommand(context)}`;
}

export const pause: Command = commandOf({
  name: "pause",
  summary: "Pause a run: no new turns and no new attempts until it is resumed",
  details:
    "Attempts that are running end; what arrives is kept. Children are paused too. No worker is needed.",
  send: (run, reason) => run.pause(reason),
  done: ({ paused }) => paused,
});

export const resume: Command = commandOf({
  name: "resume",
  summary: "Let a paused run go on",
  details: "No worker is needed to resume; one is needed for the run to move.",
  send: (run) => run.resume(),
  done: ({ paused }) => !paused,
});

export const cancel: Command = commandOf({
  name: "cancel",
  summary: "Ask a run to cancel: it may clean up first",
  details:
    "The run sees a CanceledError at its durable calls, its activities an aborted signal. Without a worker the request is kept.",
  send: (run, reason) => run.cancel(reason),
  done: ({ status, messages }) => status !== "running" || messages > 0,
});

export const terminate: Command = commandOf({
  name: "terminate",
  summary: "End a run at once, with its children, without cleaning up",
  details: "No worker is needed.",
  send: (run, reason) => run.terminate(reason),
  done: ({ status }) => status !== "running",
});
