// A crash at each commit while a run is forked and retried, before the commit and after it.
import { activity, activityContext, child, signal, sleep, workflow } from "daruma";
import type { Client, Workflow } from "daruma";
import { torture } from "daruma/testing";
import { expect, it } from "vitest";

const go = signal<number>("go");

const work = activity("work", (n: number) => n + 1);

/** Fails in the first generation of each run. */
const fragile = activity(
  "fragile",
  (n: number) => {
    if (activityContext().idempotencyKey.includes("/1/")) throw new RangeError("broken");
    return n;
  },
  { retry: { maximumAttempts: 1 } },
);

const leaf = workflow("leaf", async (n: number) => sleep("1m").then(() => work(n)));

const tree: Workflow<number, number> = workflow("tree", async (n: number) => {
  const first = await work(n);
  const [a, b] = await Promise.all([child(leaf, first), go.receive()]);
  return fragile(a + b);
});

async function retried(client: Client, id: string): Promise<unknown> {
  await client
    .get(id)
    .signal(go, 10, { operation: `go ${id}` })
    .catch(() => {});
  await client
    .get(id)
    .result()
    .catch(() => {});
  await client.get(id).retry({ operation: `retry ${id}` });
  return client.get(id).result();
}

it("a crash at any commit of a fork or a retry changes nothing", async () => {
  const report = await torture(tree, 1, {
    workflows: [leaf],
    script: async (run, test) => {
      await test.advance("10s");
      await run.fork({ id: "fork", operation: "fork" });
      expect(await retried(test, "fork")).toBe(13);
      expect(await retried(test, run.id)).toBe(13);
    },
  });
  expect(report.differences).toEqual([]);
  expect(report.points).toBeGreaterThan(12);
});
