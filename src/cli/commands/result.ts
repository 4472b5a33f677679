/** `daruma result` */
import { DarumaError, quoted } from "../../core/errors.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { withRuns } from "../reach.ts";
import type { Reached } from "../reach.ts";
import { outcomeOf, reportOutcome } from "../outcome.ts";
import { idPlace, noWorkerError, workerCommand } from "./shared.ts";

export const result: Command = {
  name: "result",
  summary: "Print a run's result; wait for it if the run is open",
  places: [idPlace],
  options: { timeout: { value: "DURATION", help: "Wait no longer than this. Default: no limit" } },
  details: [
    "Exit codes: 0 completed, 1 failed (or no result in time), 3 canceled, terminated or timed out.",
    'With --json: one line with run, status and result or error. Values that JSON has no form for are tagged: {"$daruma":"Date","value":…}.',
  ],
  examples: ["daruma result research-42", "daruma result research-42 --timeout 30s --json"],
  run: async (context) => {
    const timeoutMs = context.duration("timeout");
    return await withRuns(context, (reached) => printResult(context, reached, timeoutMs));
  },
};

async function printResult(
  context: Context,
  { client, process }: Reached,
  timeoutMs: number | undefined,
): Promise<number> {
  const id = context.place(0);
  const { status } = await client.get(id).describe();
  if (status === "running" && process === undefined) {
    const message = `The run ${quoted(id)} has no result yet, and no worker is running that could move it.`;
    throw noWorkerError(message, `Start one: ${workerCommand(context)}`);
  }
  const outcome = await Promise.race([outcomeOf(client, id), late(context, id, timeoutMs)]);
  return reportOutcome(context, id, outcome);
}

function late(context: Context, id: string, timeoutMs: number | undefined): Promise<never> {
  const error = new DarumaError("DRM-TIMEOUT", {
    message: `The run ${quoted(id)} has not closed in time.`,
    subject: id,
    fix: "Wait longer, or find out what it waits for: daruma show",
  });
  return new Promise((_resolve, reject) => {
    if (timeoutMs !== undefined) void context.io.pause(timeoutMs).then(() => reject(error));
  });
}
