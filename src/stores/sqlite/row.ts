/** A row of the table `runs`, as SQLite gives it and as the contract has it. */
import type { RunRow } from "../../store/runs.ts";
import { statusOf } from "./schema.ts";
import type { SessionTable } from "./sessions.ts";
import type { WorkflowNames } from "./workflows.ts";

/** The columns, in the names of the table. */
export interface RunColumns {
  readonly key: number;
  readonly id: string;
  readonly generation: number;
  readonly workflow: number;
  readonly status: number;
  readonly paused: number;
  readonly parked: string | null;
  readonly created_at: number;
  readonly closed_at: number | null;
  readonly wake_at: number | null;
  readonly head: number;
  readonly epoch: number;
  readonly owner: number | null;
  readonly operation: string;
  readonly parent_key: number | null;
}

/** What rows refer to by number. */
export interface References {
  readonly workflows: WorkflowNames;
  readonly sessions: SessionTable;
}

/** The contract's form of a row. */
export function toRunRow(columns: RunColumns, { workflows, sessions }: References): RunRow {
  return {
    key: columns.key,
    id: columns.id,
    generation: columns.generation,
    workflow: workflows.name(columns.workflow),
    status: statusOf(columns.status),
    paused: columns.paused === 1,
    parked: columns.parked ?? undefined,
    createdAt: columns.created_at,
    closedAt: columns.closed_at ?? undefined,
    wakeAt: columns.wake_at ?? undefined,
    head: columns.head,
    epoch: columns.epoch,
    owner: sessions.nameOf(columns.owner),
    operation: columns.operation,
    parentKey: columns.parent_key ?? undefined,
  };
}
