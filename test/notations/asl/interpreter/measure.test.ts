import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { excessOf } from "../../../../src/notations/asl/interpreter/measure.ts";
import type { Json } from "../../../../src/notations/asl/json.ts";
import { runs } from "../../../support/properties.ts";
import { eventsOf, failure, machine, output, begin } from "./machines.ts";

function nested(depth: number): Json {
  let value: Json = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}

describe("excessOf", () => {
  test("is about the bytes of the text, exactly", () => {
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 6 }),
      fc.string({ unit: "binary" }),
    ) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(values, fc.nat({ max: 300 }), (value, limit) => {
        const bytes = Buffer.byteLength(JSON.stringify(value));
        for (const most of [limit, bytes, bytes - 1])
          expect(excessOf(value, most)).toBe(bytes > most ? "large" : undefined);
      }),
      { numRuns: runs(1000) },
    );
  });

  test("takes a thousand levels and no more, whatever the limit", () => {
    for (const limit of [3000, Infinity]) {
      expect(excessOf(nested(1000), limit)).toBeUndefined();
      expect(excessOf(nested(1001), limit)).toBe("deep");
      expect(excessOf(nested(500_000), limit)).toBe("deep");
    }
  });

  test("does not write down what is shared before it knows that it is small", () => {
    let value: Json = "x";
    for (let level = 0; level < 200; level++) value = [value, value];
    expect(excessOf(value, 262_144)).toBe("large");
    expect(excessOf(value, Infinity)).toBe("large");
  });
});

const text = "[".repeat(2000) + "]".repeat(2000);

describe("a state whose value is too deep or too large fails as the language has it", () => {
  test.each([
    [
      "States.StringToJson",
      { Type: "Pass", Parameters: { "x.$": "States.StringToJson($.text)" }, End: true },
    ],
    [
      "$parse",
      { Type: "Pass", QueryLanguage: "JSONata", Output: "{% $parse($states.input.text) %}", End: true },
    ],
  ])("%s refuses a text that is too deep", async (name, state) => {
    const { error, cause } = await failure(machine({ StartAt: "A", States: { A: state } }), { text });
    expect(error).toMatch(/^States\.(?:Runtime|QueryEvaluationError)$/u);
    expect(cause).toContain(name);
  });

  const more = {
    Type: "Choice",
    Default: "Wrap",
    Choices: [{ Variable: "$.b", IsPresent: true, Next: "Done" }],
  };

  test.each([
    ["Parameters", { Type: "Pass", Parameters: { "a.$": "$" }, Next: "More" }],
    ["ResultPath", { Type: "Pass", Parameters: { "a.$": "$" }, ResultPath: "$", Next: "More" }],
    ["Assign", { Type: "Pass", Assign: { "v.$": "$" }, Next: "Use" }],
    [
      "Output",
      { Type: "Pass", QueryLanguage: "JSONata", Output: { a: "{% $states.input %}" }, Next: "More" },
    ],
  ])("a value that grows by %s in a loop", async (_field, Wrap) => {
    const Use = { Type: "Pass", Parameters: { "a.$": "$v" }, Next: "More" };
    const States = { Wrap, ...(Wrap.Next === "Use" ? { Use } : {}), More: more, Done: { Type: "Succeed" } };
    const { world, run } = await begin(machine({ StartAt: "Wrap", States }), {});
    const { cause } = await world.failure(run.result());
    expect(cause).toMatchObject({
      name: "States.DataLimitExceeded",
      message: expect.stringContaining("more than 1000 levels deep"),
    });
    expect((await eventsOf(run)).at(-1)?.type).toBe("ExecutionFailed");
  });

  test.each(["InputPath", "Parameters", "ItemsPath"])(
    "%s that collects far more than there is",
    async (field) => {
      const path = "$..*..*";
      const fields = field === "Parameters" ? { Parameters: { "x.$": path } } : { [field]: path };
      const each = { ItemProcessor: { StartAt: "P", States: { P: { Type: "Pass", End: true } } } };
      const A =
        field === "ItemsPath"
          ? { Type: "Map", ...fields, ...each, End: true }
          : { Type: "Pass", ...fields, End: true };
      const { error } = await failure(machine({ StartAt: "A", States: { A } }), nested(450));
      expect(error).toBe("States.DataLimitExceeded");
    },
  );

  test("the input of another execution, given as a text", async () => {
    const Parameters = {
      StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:m",
      "Input.$": "$.text",
    };
    const A = { Type: "Task", Resource: "arn:aws:states:::states:startExecution", Parameters, End: true };
    const { error, cause } = await failure(machine({ StartAt: "A", States: { A } }), { text });
    expect(error).toBe("States.Runtime");
    expect(cause).toContain("The field 'Input' is more than 1000 levels deep");
  });

  test("what a history cannot hold", async () => {
    const Resource = "arn:aws:lambda:us-east-1:123456789012:function:f";
    const A = { Type: "Task", Resource, End: true };
    const calls = { f: (): Json => nested(600) };
    expect((await failure(machine({ StartAt: "A", States: { A } }, calls), {})).error).toBe(
      "States.DataLimitExceeded",
    );
    const B = { Type: "Pass", End: true };
    expect(await output(machine({ StartAt: "B", States: { B } }), nested(400))).toEqual(nested(400));
  });
});
