/** How `daruma run` gets to its run: by opening the store here, or through the process that has it open and knows the workflow. */
import type { Client } from "../../client/client.ts";
import { printable } from "../../core/printable.ts";
import { Daruma } from "../../embedded/daruma.ts";
import type { Telemetry } from "../../telemetry/telemetry.ts";
import { unknownThere } from "../commands/shared.ts";
import { shellWord } from "../context.ts";
import type { Context } from "../context.ts";
import type { View } from "../live/view.ts";
import { reach } from "../reach.ts";
import type { RunRequest, Way } from "./request.ts";

const mostCounted = 100;

/** Finds the way. @throws UnknownWorkflowError: the process that has the store open does not know the workflow */
export async function findWay(context: Context, request: RunRequest, view: View): Promise<Way> {
  const { module, workflow, id } = request;
  const options = { workflows: module.workflows, telemetry: telemetryOf(view, id) };
  const reached = await reach(context, () => Daruma.open(context.store, options));
  if (reached.at === "here") {
    const others = await countOthers(reached.opened, request);
    if (others > 0) view.say(othersText(others, context.storeOption));
    return { client: reached.opened, pid: undefined };
  }
  const { client, process } = reached;
  if (process.workflows.includes(workflow.name)) return { client, pid: process.pid };
  await client.close();
  const remedy = `start a worker that has it: daruma worker ${shellWord(module.path)}`;
  throw unknownThere(workflow.name, process, remedy);
}

/** Whoever opens a database goes on with the open runs whose code it has. */
async function countOthers(client: Client, request: RunRequest): Promise<number> {
  const names = new Set(request.module.workflows.map(({ name }) => name));
  let count = 0;
  for await (const { id, workflow } of client.list({ status: "running", paused: false, parked: false })) {
    if (id !== request.id && names.has(workflow)) count++;
    if (count === mostCounted) break;
  }
  return count;
}

function othersText(count: number, storeOption: string): string {
  const number = count === mostCounted ? `${count} or more` : String(count);
  const runs = count === 1 ? "1 other open run goes" : `${number} other open runs go`;
  return `${runs} on in this process meanwhile (daruma list --status running${storeOption}).`;
}

/** What the engine reports of the run itself is shown with the run. */
function telemetryOf(view: View, id: string): Telemetry {
  return ({ level, message, runId }) => {
    if ((level === "warn" || level === "error") && runId !== id) view.say(`${level}: ${printable(message)}`);
  };
}
