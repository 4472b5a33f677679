// What is inside of Map and Parallel: order, scopes, errors and who catches them.
import { describe, expect, it } from "vitest";
import { begin, failure, machine, named, output, task, typesOf } from "./machines.ts";

const echo = { Echo: (input: unknown) => input };

/** A machine of JSONata with one state and one that follows. */
function jsonata(state: object, then: object, handlers = {}): ReturnType<typeof machine> {
  const states = { State: { ...state, Next: "Then" }, Then: { Type: "Pass", End: true, ...then } };
  return machine({ QueryLanguage: "JSONata", StartAt: "State", States: states }, handlers);
}

describe("Map and Parallel", () => {
  it("with MaxConcurrency 1 take one item after the other, in order", async () => {
    const seen: unknown[] = [];
    let open = 0;
    const Work = async (input: unknown): Promise<unknown> => {
      expect(++open).toBe(1);
      seen.push(input);
      await Promise.resolve();
      open--;
      return input;
    };
    const each = {
      Type: "Map",
      MaxConcurrency: 1,
      ItemProcessor: { StartAt: "W", States: { W: task("Work") } },
      End: true,
    };
    expect(await output(machine({ StartAt: "Each", States: { Each: each } }, { Work }), [3, 1, 2])).toEqual([
      3, 1, 2,
    ]);
    expect(seen).toEqual([3, 1, 2]);
  });

  it("are caught as a whole, and what is inside of them is aborted", async () => {
    const handlers = {
      Hang: () => new Promise(() => {}),
      Fail: () => {
        throw named("Broken", "why");
      },
    };
    const inner = {
      Type: "Map",
      ItemsPath: "$.items",
      ItemProcessor: { StartAt: "H", States: { H: task("Hang") } },
      End: true,
    };
    const both = {
      Type: "Parallel",
      Branches: [
        { StartAt: "Inner", States: { Inner: inner } },
        { StartAt: "F", States: { F: task("Fail") } },
      ],
      Catch: [{ ErrorEquals: ["Broken"], ResultPath: "$.error", Next: "Caught" }],
      End: true,
    };
    const caught = { Type: "Pass", OutputPath: "$.error.Error", End: true };
    const workflow = machine({ StartAt: "Both", States: { Both: both, Caught: caught } }, handlers);
    const { world, run } = await begin(workflow, { items: [1, 2] });
    expect(await world.until(run.result())).toBe("Broken");
    const types = await typesOf(run);
    expect(types.slice(types.indexOf("LambdaFunctionFailed"))).toEqual([
      "LambdaFunctionFailed",
      "MapStateAborted",
      "ParallelStateFailed",
      "ParallelStateExited",
      "PassStateEntered",
      "PassStateExited",
      "ExecutionSucceeded",
    ]);
  });

  it("read the variables around, and keep their own to themselves", async () => {
    const set = machine({
      QueryLanguage: "JSONata",
      StartAt: "Start",
      States: {
        Start: { Type: "Pass", Assign: { outer: "o" }, Next: "Each" },
        Each: {
          Type: "Map",
          Items: "{% [1, 2] %}",
          Assign: { after: "{% $outer & '!' %}" },
          ItemProcessor: {
            StartAt: "Set",
            States: {
              Set: { Type: "Pass", Assign: { own: "{% $states.input * 10 %}" }, Next: "Both" },
              Both: {
                Type: "Parallel",
                Branches: [
                  {
                    StartAt: "A",
                    States: { A: { Type: "Pass", Assign: { mine: 1 }, Output: "{% $own %}", End: true } },
                  },
                  { StartAt: "B", States: { B: { Type: "Pass", Output: "{% $outer %}", End: true } } },
                ],
                End: true,
              },
            },
          },
          Next: "Then",
        },
        Then: { Type: "Pass", Output: { each: "{% $states.input %}", after: "{% $after %}" }, End: true },
      },
    });
    expect(await output(set, {})).toEqual({
      each: [
        [10, "o"],
        [20, "o"],
      ],
      after: "o!",
    });
  });

  it("tell an error in ItemSelector as their own, which their Catch can take", async () => {
    const broken = (more: object): object => ({
      Type: "Map",
      Items: "{% [1, 2] %}",
      ItemSelector: "{% $states.context.Map.Item.Value.nothing.at.all + 'x' %}",
      ItemProcessor: { StartAt: "E", States: { E: task("Echo") } },
      ...more,
    });
    const plain = machine(
      { QueryLanguage: "JSONata", StartAt: "Each", States: { Each: broken({ End: true }) } },
      echo,
    );
    expect(await failure(plain, {})).toMatchObject({ error: "States.QueryEvaluationError" });
    const caught = jsonata(
      broken({ Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Next: "Then" }] }),
      { Output: "{% $states.input.Error %}" },
      echo,
    );
    expect(await output(caught, {})).toBe("States.QueryEvaluationError");
  });

  it("in JSONPath, too", async () => {
    const each = {
      Type: "Map",
      ItemsPath: "$.items",
      ItemSelector: { "v.$": "$$.Map.Item.Value.none" },
      ItemProcessor: { StartAt: "E", States: { E: task("Echo") } },
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }],
      End: true,
    };
    const workflow = machine(
      { StartAt: "Each", States: { Each: each, Caught: { Type: "Pass", End: true } } },
      echo,
    );
    const result = await failure(workflow, { items: [{}] });
    expect(result.error).toBe("States.Runtime");
    expect(result.cause).toContain("$$.Map.Item.Value.none");
  });
});

describe("Express children of a map run", () => {
  it("time out after five minutes, and are counted as that", async () => {
    const state = {
      Type: "Map",
      ToleratedFailureCount: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
        StartAt: "Rest",
        States: { Rest: { Type: "Wait", SecondsPath: "$", End: true } },
      },
      End: true,
    };
    const workflow = machine({ StartAt: "Each", States: { Each: state } });
    const { world, run } = await begin(workflow, [600, 299]);
    const from = world.clock.now();
    expect(await world.until(run.result())).toEqual([299]);
    expect(world.clock.now() - from).toBe(300_000);
  });
});
