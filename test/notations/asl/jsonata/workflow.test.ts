/** Expressions inside a workflow: what JSONata does there is fine with the determinism guard, and a replay gives the same. */
import { expect, test } from "vitest";
import { answersTo } from "../../../../src/notations/asl/jsonata/answer-call.ts";
import { fillJsonata } from "../../../../src/notations/asl/jsonata/template.ts";
import type { EvaluationAnswer, EvaluationCall } from "../../../../src/notations/asl/task-host.ts";
import { activity } from "../../../../src/workflow/activity.ts";
import { signal } from "../../../../src/workflow/messages.ts";
import { workflow } from "../../../../src/workflow/workflow.ts";
import { World, typesOf } from "../../../support/world.ts";

const evaluate = activity("evaluate", (call: EvaluationCall): Promise<EvaluationAnswer[]> =>
  Array.fromAsync(answersTo(call)),
);

const goOn = signal("goOn");

const template = {
  path: "{% $states.input.a.b %}",
  plain: "{% $sum($states.input.list) & '/' & $v %}",
  many: "{% $states.input.rows[k > 1].k %}",
  random: "{% [$random(), $uuid(), $millis(), $now()] %}",
  away: "{% $map($states.input.list, function($x) { $x * 2 }) %}",
  awayRandom: "{% $map([1, 2], function($x) { $uuid() }) %}",
};

const input = { a: { b: "c" }, list: [1, 2, 3], rows: [{ k: 1 }, { k: 2 }, { k: 3 }] };

const filling = workflow("filling", async () => {
  const ports = { evaluate, seed: () => crypto.randomUUID(), now: () => Date.now() };
  const bindings = { states: { input, context: {} }, variables: { v: "w" } };
  const first = await fillJsonata(template, bindings, { field: "Output", ports });
  await goOn.receive();
  const second = await fillJsonata(template, bindings, { field: "Output", ports });
  const failed = await fillJsonata("{% $x %}", bindings, { field: "Output", ports }).catch(String);
  return { first, second, failed };
});

test("a replay gives what the first run gave", async () => {
  const world = new World();
  const worker = await world.open([filling]);
  const { id } = await worker.start(filling, { id: "one" });
  await world.quiet();
  // The process dies while the run waits: the first half comes back by replay.
  const next = await world.restart([filling]);
  await next.get(id).signal(goOn);
  const result = (await world.until(next.get(id).result())) as Record<
    "first" | "second",
    Record<string, unknown>
  >;
  expect(result).toMatchObject({
    first: { path: "c", plain: "6/w", many: [2, 3], away: [2, 4, 6] },
    failed: expect.stringContaining("returned nothing (undefined)"),
  });
  expect(result.first["random"]).not.toEqual(result.second["random"]);
  const types = await typesOf(next, id);
  expect(types.filter((type) => type === "activity_scheduled")).toHaveLength(2);
});
