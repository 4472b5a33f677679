/* Daruma as a subject of the benchmark: embedded, one SQLite file, its own defaults. */
import { join } from "node:path";
import { activity, Daruma, workflow } from "daruma";
import type { Workflow } from "daruma";
import { expectResult } from "./driver/subject.ts";
import type { Subject } from "./driver/subject.ts";

const step = activity("step", async (n: number) => n + 1);

/** Activities one after the other; the result is their number. */
export const inSequence: Workflow<number, number> = workflow("inSequence", async (activities: number) => {
  let n = 0;
  for (let i = 0; i < activities; i++) n = await step(n);
  return n;
});

/** Activities at once; the result is their number. */
const atOnce: Workflow<number, number> = workflow("atOnce", async (activities: number) => {
  const results = await Promise.all(Array.from({ length: activities }, (_, i) => step(i)));
  return results.length;
});

/** Opens Daruma on a new file in `folder`. */
export async function openDaruma(folder: string): Promise<Subject & { readonly daruma: Daruma }> {
  const path = join(folder, "daruma.db");
  const daruma = await Daruma.open(`sqlite:${path}`, {
    workflows: [inSequence, atOnce],
    checkDeterminism: false,
  });
  const run = async (definition: typeof inSequence, input: number): Promise<void> => {
    const started = await daruma.start(definition, { input });
    expectResult("daruma", await started.result(), input);
  };
  return {
    name: "daruma",
    note: "Embedded, one SQLite file, defaults; the determinism check of development is off, as in production.",
    transport: "in-process",
    durability: "SQLite WAL, synchronous=FULL (set, read back and checked at every open)",
    daruma,
    sequential: (activities) => run(inSequence, activities),
    fanOut: (activities) => run(atOnce, activities),
    close: () => daruma.close(),
  };
}
