import { expect, test } from "vitest";
import type { RunWrite } from "../../src/store/commit.ts";
import type { RunFilter } from "../../src/store/runs.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { birth, completed, waiting } from "../../src/testing/store-contract-world.ts";

const count = 11_000;

/** The oldest run is unlike all others; of the rest every second one is completed. */
function manyRuns(first: number): RunWrite[] {
  const rare = { ...waiting, paused: true, parked: '"why"' };
  const oldest = birth(first, "rare-0", { workflow: "rare", state: rare });
  const rest = Array.from({ length: count - 1 }, (_, index) => {
    const key = first + 1 + index;
    const state = index % 2 === 0 ? { ...waiting, wakeAt: key } : completed(key);
    return birth(key, `common-${key}`, { epoch: 0, state });
  });
  return [oldest, ...rest];
}

test("lists and due runs are right when there are more than are looked at in one go", async () => {
  const store = await openSqliteStore(":memory:");
  const session = await store.sessions.open("a worker", 60_000);
  const first = await store.runs.reserveKeys(count);
  await store.commit({ session, operation: "all", runs: manyRuns(first), messages: [] });
  const list = async (filter: Partial<RunFilter>): Promise<number[]> =>
    (await store.runs.list({ limit: count, ...filter })).map(({ key }) => key);

  const all = Array.from({ length: count }, (_, index) => first + count - 1 - index);
  expect(await list({})).toEqual(all);
  expect(await list({ workflow: "rare" })).toEqual([first]);
  expect(await list({ paused: true })).toEqual([first]);
  expect(await list({ parked: true, status: "running" })).toEqual([first]);
  expect(await list({ idPrefix: "common-" })).toEqual(all.slice(0, -1));
  expect(await list({ idPrefix: "common-", status: "completed", limit: 3 })).toEqual(
    all
      .slice(0, -1)
      .filter((key) => (key - first) % 2 === 0)
      .slice(0, 3),
  );
  expect(await list({ status: "failed" })).toEqual([]);
  const completedRuns = all.filter((key) => key !== first && (key - first) % 2 === 0);
  expect(await list({ status: "completed" })).toEqual(completedRuns);
  expect(await list({ status: "completed", before: first + 101, limit: 60 })).toEqual(
    completedRuns.slice(-50),
  );

  const sleeping = all.filter((key) => (key - first) % 2 === 1).toReversed();
  const query = {
    session,
    workflows: ["orders"],
    now: first + count,
    afterMessage: 0,
    parked: true,
    limit: count,
  };
  expect((await store.runs.due(query)).keys).toEqual(sleeping);
  expect(await store.runs.claim(session, sleeping)).toHaveLength(sleeping.length);
  expect(await store.runs.removeClosed(first + count, count)).toBe(completedRuns.length);
  expect(await list({})).toEqual([...sleeping.toReversed(), first]);
  await store.close();
});
