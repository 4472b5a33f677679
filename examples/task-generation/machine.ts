/** The state machine as a workflow of this program, and its runs as the REST interface needs them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { RunNotFoundError } from "daruma";
import type { Client, Workflow } from "daruma";
import { stateMachine } from "daruma/asl";
import type { Json } from "daruma/asl";
import type { RunEnd, Runs } from "./api/runs.ts";
import type { Handlers } from "./handlers/all.ts";
import type { WorkflowInput } from "./types.ts";

const name = "TaskGenerationWorkflow";
const file = path.join(import.meta.dirname, "workflow.asl.json");

/** The workflow; its input is a {@link WorkflowInput}, its result a WorkflowOutput. */
export function taskGeneration(handlers: Handlers): Workflow<unknown, Json> {
  return stateMachine(readFileSync(file, "utf8"), { name, handlers: { ...handlers } });
}

export function runsOf(client: Client, workflow: Workflow<unknown, Json>): Runs {
  const status = async (id: string): Promise<"running" | RunEnd | undefined> => {
    try {
      return (await client.get(id).describe()).status as "running" | RunEnd;
    } catch (error) {
      if (error instanceof RunNotFoundError) return undefined;
      throw error;
    }
  };
  return {
    arnOf: (id) => `arn:aws:states:us-east-1:123456789012:execution:${name}:${id}`,
    start: async (id, input: WorkflowInput) => void (await client.start(workflow, { id, input })),
    cancel: (id) => client.get(id).cancel("Canceled through the REST interface"),
    status,
    ended: async (id) => {
      const outcome = client.get(id).result();
      await outcome.catch(() => undefined);
      const end = await status(id);
      return end === undefined || end === "running" ? outcome.then(() => "completed" as const) : end;
    },
  };
}
