/** Tests of a workflow, with Node's own test runner: `node --test examples/testing/expense.test.ts`. Any other runner does as well. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { failing, replayHistory, stub, TestDaruma, torture } from "daruma/testing";
import { approve, books, expense, pay, remind } from "./expense.ts";

const options = { workflows: [expense], activities: [stub(remind, () => undefined)] };

await test("an expense that is approved is paid", async () => {
  await using daruma = await TestDaruma.open(options);
  const run = await daruma.start(expense, { input: 120 });
  await daruma.advance("3d");
  await run.signal(approve, "Ada");
  assert.equal(await run.result(), "receipt for 120, approved by Ada");
  assert.equal(daruma.calls(remind).length, 0);
});

await test("an expense that nobody looks at is given up after a week", async () => {
  await using daruma = await TestDaruma.open({ ...options, startTime: "2026-03-01T09:00:00Z" });
  const run = await daruma.start(expense, { input: 120 });
  assert.equal(await run.result(), "given up");
  assert.equal(new Date(daruma.clock.now()).toISOString(), "2026-03-08T09:00:00.000Z");
  assert.deepEqual(daruma.calls(remind)[0]?.args, [5]);
});

await test("a bank that is down is asked again", async () => {
  await using daruma = await TestDaruma.open(options);
  daruma.stub(
    pay,
    failing({ times: 3, error: new Error("bank is down") }, (amount) => `paid ${amount}`),
  );
  const run = await daruma.start(expense, { input: 120 });
  await run.signal(approve, "Ada");
  assert.equal(await run.result(), "paid 120, approved by Ada");
  assert.equal(new Set(daruma.calls(pay).map((call) => call.idempotencyKey)).size, 1);
});

await test("a crash changes nothing, wherever it comes", async () => {
  const { points, differences } = await torture(expense, 120, {
    ...options,
    setup: () => books.clear(),
    observe: () => [...books.values()],
    script: async (run, daruma) => {
      await daruma.advance("6d");
      await run.signal(approve, "Ada");
    },
  });
  assert.deepEqual(differences, []);
  assert.ok(points >= 5);
});

await test("the code fits the histories that we keep", async () => {
  const file = new URL("expense-approved.jsonl", import.meta.url);
  assert.equal((await replayHistory({ workflow: expense, events: { file } })).status, "completed");
});
