/** Puts the goals of `goals.json` into a database. A goal that is there stays as it is, so this may be called again. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Database, Sql } from "../database/sql.ts";

interface SeedAction {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

interface SeedSubGoal {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly actions: readonly SeedAction[];
}

/** A goal with its sub-goals and their actions. */
export interface SeedGoal {
  readonly id: string;
  readonly userId: string;
  readonly title: string;
  readonly description: string;
  readonly subGoals: readonly SeedSubGoal[];
}

/** The goals of the file: with 8, 64, 9 and 1 actions. */
export async function readSeed(): Promise<readonly SeedGoal[]> {
  const text = await readFile(path.join(import.meta.dirname, "goals.json"), "utf8");
  return (JSON.parse(text) as { readonly goals: readonly SeedGoal[] }).goals;
}

export async function loadSeed(database: Database): Promise<void> {
  for (const goal of await readSeed()) await database.transaction((sql) => insertGoal(sql, goal));
}

/** Inserts one goal with all that belongs to it, unless it is there. */
export async function insertGoal(sql: Sql, goal: SeedGoal): Promise<void> {
  const inserted = await sql.run(
    "INSERT INTO goals (id, user_id, title, description, status, updated_at) VALUES (?, ?, ?, ?, 'draft', ?) ON CONFLICT (id) DO NOTHING",
    [goal.id, goal.userId, goal.title, goal.description, Date.now()],
  );
  if (inserted === 0) return;
  let position = 0;
  for (const [index, part] of goal.subGoals.entries()) {
    await sql.run(
      "INSERT INTO sub_goals (id, goal_id, position, title, description) VALUES (?, ?, ?, ?, ?)",
      [part.id, goal.id, index + 1, part.title, part.description],
    );
    for (const action of part.actions) {
      await sql.run(
        "INSERT INTO actions (id, goal_id, sub_goal_id, position, title, description) VALUES (?, ?, ?, ?, ?, ?)",
        [action.id, goal.id, part.id, ++position, action.title, action.description],
      );
    }
  }
}
