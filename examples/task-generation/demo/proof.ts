/** What the demo claims at its end, each with the facts that show it. */
import { findExecution } from "../database/executions.ts";
import { listGenerations } from "../database/generations.ts";
import type { GenerationRow } from "../database/generations.ts";
import { openDatabase } from "../database/open.ts";
import { listTasks } from "../database/tasks.ts";
import type { TaskRow } from "../database/tasks.ts";
import type { WorkflowOutput } from "../types.ts";
import { databasesIn } from "./order.ts";

/** What a run left behind. */
export interface Left {
  readonly output: WorkflowOutput;
  readonly calls: readonly GenerationRow[];
  readonly tasks: readonly TaskRow[];
  /** As the example's own table of executions has it. */
  readonly status: string | undefined;
}

export async function lookAt(folder: string, output: WorkflowOutput): Promise<Left> {
  const database = await openDatabase(databasesIn(folder).tasks);
  const { executionArn, goalId } = output;
  const calls = await listGenerations(database, executionArn);
  const tasks = await listTasks(database, goalId);
  const row = await findExecution(database, executionArn);
  await database.close();
  return { output, calls, tasks, status: row?.status };
}

/** What was seen. */
export interface Evidence {
  readonly endedBy: string;
  readonly firstPid: number;
  readonly secondPid: number;
  /** Actions that were saved when the first process died. */
  readonly savedBefore: readonly string[];
  readonly crashed: Left;
  /** The same without a crash. */
  readonly straight: Left;
}

export interface Claim {
  readonly text: string;
  readonly holds: boolean;
}

export function prove(seen: Evidence): readonly Claim[] {
  const { savedBefore, crashed, straight, firstPid, secondPid } = seen;
  const { output, calls, tasks } = crashed;
  const again = calls.filter(
    ({ actionId, process }) => process === secondPid && savedBefore.includes(actionId),
  );
  const cutOff = calls.filter(({ status, process }) => status === null && process === firstPid);
  const total = output.successCount + output.failedCount;
  const { failedActions } = output;
  return [
    claim(
      `the first process was killed with SIGKILL when ${savedBefore.length} of ${total} actions were saved`,
      seen.endedBy === "SIGKILL" && savedBefore.length > 0 && savedBefore.length < total,
    ),
    claim(`saved actions whose tasks were generated a second time: ${again.length}`, again.length === 0),
    claim(
      `calls that were cut off and made again with the same idempotency key: ${cutOff.length}`,
      cutOff.length > 0 && cutOff.every((call) => wasMadeAgain(call, calls, secondPid)),
    ),
    claim(
      `tasks in the database: ${tasks.length} of ${output.successCount} actions, none twice`,
      new Set(tasks.map(({ actionId, title }) => `${actionId} ${title}`)).size === tasks.length &&
        new Set(tasks.map(({ actionId }) => actionId)).size === output.successCount,
    ),
    claim(
      `what failed is listed (${failedActions.join(", ")}), what succeeded is kept: ${output.status}`,
      output.status === "PARTIAL" && crashed.status === "partial" && failedActions.length > 0,
    ),
    claim(
      "status, counts and failed actions are those of a run that nobody killed",
      sameEnd(output, straight.output),
    ),
    claim(
      "the tasks are, field by field, those of a run that nobody killed",
      tasks.length > 0 && JSON.stringify(tasks.map(content)) === JSON.stringify(straight.tasks.map(content)),
    ),
  ];
}

function claim(text: string, holds: boolean): Claim {
  return { text, holds };
}

function wasMadeAgain(call: GenerationRow, calls: readonly GenerationRow[], pid: number): boolean {
  return calls.some(
    ({ actionId, idempotencyKey, process }) =>
      actionId === call.actionId && process === pid && idempotencyKey === call.idempotencyKey,
  );
}

/** All but the ARN and the duration, which differ between two runs. */
function sameEnd(one: WorkflowOutput, other: WorkflowOutput): boolean {
  const essence = (output: WorkflowOutput): string =>
    JSON.stringify({ ...output, executionArn: "", duration: 0 });
  return essence(one) === essence(other);
}

function content(task: TaskRow): object {
  return { ...task, executionArn: "" };
}
