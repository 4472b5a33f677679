/** Lives of processes: each is killed with SIGKILL when it has said something, the last one goes to its end. */
import path from "node:path";
import { startProcess } from "../../../examples/shared/processes.ts";
import { openDatabase } from "../../../examples/task-generation/database/open.ts";
import type { Database } from "../../../examples/task-generation/database/sql.ts";
import type { LogLine } from "../../../examples/task-generation/log.ts";
import type { CrashMessage, CrashOrder } from "./crash-child.ts";

const program = path.join(import.meta.dirname, "crash-child.ts");

export interface Life {
  readonly pid: number;
  readonly endedBy: string;
  readonly lines: readonly LogLine[];
  readonly ended: ReadonlyMap<string, Extract<CrashMessage, { kind: "ended" }>>;
}

/** One life; it is killed as soon as `killWhen` is true of what it has logged, or when `killAt` resolves. */
export async function live(
  order: CrashOrder,
  killWhen?: (lines: readonly LogLine[]) => boolean,
  killAt?: () => Promise<unknown>,
): Promise<Life> {
  const lines: LogLine[] = [];
  const ended = new Map<string, Extract<CrashMessage, { kind: "ended" }>>();
  const started = startProcess(program, order, (said) => {
    const message = said as CrashMessage;
    if (message.kind === "ended") ended.set(message.id, message);
    else if (message.kind === "log") {
      lines.push(message.line);
      if (killWhen?.(lines) === true) started.kill();
    }
  });
  if (killAt !== undefined) await killAt().then(() => started.kill());
  return { pid: started.pid, endedBy: await started.ended, lines, ended };
}

/** How often something was logged. */
export function count(lines: readonly LogLine[], event: LogLine["event"], goalId?: string): number {
  return lines.filter((line) => line.event === event && (goalId === undefined || line.goalId === goalId))
    .length;
}

export function openTasks(folder: string): Promise<Database> {
  return openDatabase(`sqlite:${path.join(folder, "tasks.db")}`);
}
