/** Ids for runs that nobody named: short enough to be typed. */
import type { Ids } from "../core/ports.ts";

const randomParts = 36 ** 5;

/** The workflow's name, the time and a random part: "research-mf3k2a9x-07q1z". */
export function newRunId(workflow: string, now: number, ids: Pick<Ids, "random">): string {
  const random = Math.floor(ids.random() * randomParts);
  return `${workflow.slice(0, 200)}-${now.toString(36)}-${random.toString(36).padStart(5, "0")}`;
}
