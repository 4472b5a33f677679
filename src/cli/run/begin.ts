/**
 * The beginning of a run that is followed: it is started, or it is open already under the id that the user gave.
 *
 * Invariant: it is started once, however often the start has to be repeated because an answer was lost (D3).
 */
import { DarumaError, DuplicateRunError, quoted } from "../../core/errors.ts";
import { printable } from "../../core/printable.ts";
import type { RunDescription } from "../../client/backend.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { shellWord } from "../context.ts";
import type { View } from "../live/view.ts";
import { words } from "../text/event-text.ts";
import type { RunRequest, Way } from "./request.ts";

/** What is said, and where. */
export interface Telling {
  readonly view: View;
  /** The option --store for commands that are suggested. */
  readonly storeOption: string;
}

/** Starts the run, or finds it open. @throws DuplicateRunError: it has closed, or is another workflow's */
export async function beginRun(way: Way, request: RunRequest, telling: Telling): Promise<void> {
  if (request.named && (await findOpen(way, request, telling))) return;
  const { workflow, id, input, timeout, operation } = request;
  try {
    await way.client.start(workflow as Workflow<unknown, unknown>, { id, input, timeout, operation });
  } catch (error) {
    // Somebody was quicker.
    if (error instanceof DuplicateRunError && (await findOpen(way, request, telling))) return;
    throw error;
  }
  if (way.pid !== undefined)
    telling.view.say(`Process ${way.pid} has the database open; ${printable(id)} moves there.`);
}

async function findOpen(way: Way, request: RunRequest, telling: Telling): Promise<boolean> {
  const run = way.client.get(request.id);
  const described = await run.describe().catch(unlessNotFound);
  if (described === undefined) return false;
  checkOpen(described, request, telling.storeOption);
  // An idle run is only brought into memory when something comes for it; asked for its status, it shows at once whether this code fits.
  await run.query("get_status").catch(() => {});
  const where = way.pid === undefined ? "" : ` in process ${way.pid}`;
  const input = request.input === undefined ? "" : ", with the input that it has";
  telling.view.say(`${printable(request.id)} is open already and goes on${where}${input}.`);
  return true;
}

function checkOpen({ workflow, status }: RunDescription, request: RunRequest, storeOption: string): void {
  const { id: runId } = request;
  const exists = `The run ${quoted(runId)} exists already`;
  if (workflow !== request.workflow.name) {
    const message = `${exists}, of workflow ${quoted(workflow)}.`;
    throw new DuplicateRunError({ runId, workflow, status, message, fix: "Use another --id." });
  }
  if (status === "running") return;
  const message = `${exists} and is ${words(status)}.`;
  const fix = `Use another --id, or print its result: daruma result ${shellWord(runId)}${storeOption}`;
  throw new DuplicateRunError({ runId, workflow, status, message, fix });
}

function unlessNotFound(error: unknown): undefined {
  if (error instanceof DarumaError && error.code === "DRM-RUN-NOT-FOUND") return undefined;
  throw error;
}
