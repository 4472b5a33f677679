/** An application for tests: a database of its own with the seed, a clock that stands where it is put, and everything that it says at hand. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { Application } from "../../../examples/task-generation/application.ts";
import { openDatabase } from "../../../examples/task-generation/database/open.ts";
import type { Generator } from "../../../examples/task-generation/generation/generator.ts";
import { ruleBased } from "../../../examples/task-generation/generation/rule-based.ts";
import { createLog } from "../../../examples/task-generation/log.ts";
import type { LogLine } from "../../../examples/task-generation/log.ts";
import { createEmbeddedMetrics } from "../../../examples/task-generation/metrics/embedded.ts";
import type { Notification } from "../../../examples/task-generation/notify.ts";
import { readSeed } from "../../../examples/task-generation/seed/load.ts";
import type { ExecutionFacts, WorkflowInput } from "../../../examples/task-generation/types.ts";

export interface TestApplication extends Application {
  readonly lines: LogLine[];
  readonly metrics: Record<string, unknown>[];
  readonly sent: Notification[];
  /** Where the clock stands; a function takes it from somewhere else. */
  time: { now: () => number };
}

interface Options {
  readonly generator?: Generator;
  /** Default: a SQLite file in a folder of its own. */
  readonly url?: string;
}

export const startedAt: number = Date.UTC(2026, 2, 1, 9);

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "daruma-tasks-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

export async function testApplication({
  generator = ruleBased,
  url,
}: Options = {}): Promise<TestApplication> {
  const database = await openDatabase(url ?? `sqlite:${path.join(temporaryFolder(), "tasks.db")}`, {
    seed: true,
  });
  onTestFinished(() => database.close());
  const time = { now: () => startedAt };
  const now = (): number => time.now();
  const lines: LogLine[] = [];
  const metrics: Record<string, unknown>[] = [];
  const sent: Notification[] = [];
  return {
    database,
    generator,
    notify: async (notification) => {
      sent.push(notification);
      return ["file"];
    },
    log: createLog((line) => void lines.push(JSON.parse(line) as LogLine), now),
    emit: createEmbeddedMetrics(
      (line) => void metrics.push(JSON.parse(line) as Record<string, unknown>),
      now,
    ),
    now,
    lines,
    metrics,
    sent,
    time,
  };
}

/** What an execution with this name is told of itself. */
export function arnOf(name: string): string {
  return `arn:aws:states:us-east-1:123456789012:execution:TaskGenerationWorkflow:${name}`;
}

export const marathon: ExecutionFacts = {
  executionArn: arnOf("first"),
  goalId: "goal-marathon",
  userId: "user-jonas",
};

/** A request for the first `count` actions of a goal of the seed. */
export async function requestFor(goalId: string, count: number = 64): Promise<WorkflowInput> {
  const goal = (await readSeed()).find(({ id }) => id === goalId);
  const ids = goal?.subGoals.flatMap(({ actions }) => actions.map(({ id }) => id)) ?? [];
  return { goalId, userId: goal?.userId ?? "", actionIds: ids.slice(0, count) };
}
