// Recorded histories of this and all former versions, against today's Daruma. See README.md.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { replayHistory } from "daruma/testing";
import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../src/core/events.ts";
import { workflows } from "./0.1/workflows.ts";
import { play, scenes } from "./scenes.ts";

const folder = new URL("./0.1/histories/", import.meta.url);
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/u, "");

/** As it is kept: with the run's id, and without the place where this project happens to be. */
function written(id: string, events: readonly HistoryEvent[]): string {
  const lines = events.map((event) => JSON.stringify({ run: id, generation: generationOf(id), ...event }));
  return `${lines.join("\n")}\n`.replaceAll(root, "/app");
}

function generationOf(id: string): number {
  return id === "generations" || id === "retried" ? 2 : 1;
}

/** Stacks differ from place to place and from Node to Node; payloads hold them as text in text. */
function comparable(text: string): unknown[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => withoutStacks(JSON.parse(line)));
}

function withoutStacks(value: unknown): unknown {
  if (typeof value === "string") return /^[[{]/u.test(value) ? withoutStacks(JSON.parse(value)) : value;
  if (Array.isArray(value)) return value.map(withoutStacks);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "stack");
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutStacks(each)]));
}

describe("histories of version 0.1", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));

  it("are all there", () => {
    expect(files).toHaveLength(15);
  });

  it.each(files)("%s is replayed, payloads and all", async (name) => {
    const replayed = await replayHistory({
      workflow: workflows,
      events: { file: new URL(name, folder) },
      strict: true,
    });
    expect(replayed.events).toBe(readFileSync(new URL(name, folder), "utf8").trimEnd().split("\n").length);
  });

  it("between them hold every kind of event", () => {
    const kinds = new Set<string>();
    for (const name of files)
      for (const line of readFileSync(new URL(name, folder), "utf8").trimEnd().split("\n"))
        kinds.add((JSON.parse(line) as HistoryEvent).type);
    expect([...kinds].toSorted()).toEqual([
      "activity_canceled",
      "activity_completed",
      "activity_failed",
      "activity_interrupted",
      "activity_restarted",
      "activity_retrying",
      "activity_scheduled",
      "cancel_requested",
      "child_cancel_requested",
      "child_closed",
      "child_started",
      "run_canceled",
      "run_completed",
      "run_failed",
      "run_forked",
      "run_paused",
      "run_resumed",
      "run_started",
      "run_terminated",
      "run_timed_out",
      "signal_received",
      "signal_sent",
      "timer_canceled",
      "timer_fired",
      "timer_started",
      "update_accepted",
      "update_completed",
      "version_marked",
    ]);
  });
});

describe("what today's code records", () => {
  it.each(Object.keys(scenes))("for %s is what the newest version recorded", async (id) => {
    const file = new URL(`${id}.jsonl`, folder);
    const text = written(id, await play(id));
    if (process.env["RECORD_HISTORIES"] === "1" && !existsSync(file)) writeFileSync(file, text);
    expect(comparable(text)).toEqual(comparable(readFileSync(file, "utf8")));
  });
});
