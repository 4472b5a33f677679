// A machine's QueryLanguage that stands among its states: taken as the machine's, with a warning, by everybody who reads the definition.
import { describe, expect, it } from "vitest";
import { checkDefinition } from "../../../../src/notations/asl/check/check.ts";
import { compileMachine } from "../../../../src/notations/asl/check/compile.ts";
import { variableReferences } from "../../../../src/server/step-functions/variable-references.ts";
import { begin, machine, output } from "../interpreter/machines.ts";
import { errors, pass, inner } from "./machines.ts";

const plus = { Type: "Pass", Output: "{% $states.input + $n %}", End: true };
const assign = { Type: "Pass", Assign: { n: 2 }, Next: "Plus" };
const misplaced = { StartAt: "Two", States: { QueryLanguage: "JSONata", Two: assign, Plus: plus } };
const placed = { QueryLanguage: "JSONata", StartAt: "Two", States: { Two: assign, Plus: plus } };

describe("a QueryLanguage among the states", () => {
  it("is the machine's, with a warning at its place", () => {
    const text = JSON.stringify(misplaced, undefined, 1);
    const { diagnostics, machine: read } = checkDefinition(text);
    expect(diagnostics).toEqual([
      {
        code: "MISPLACED_QUERY_LANGUAGE",
        severity: "WARNING",
        message:
          "QueryLanguage stands among the states and is taken as the machine's: move it to the top level, AWS may refuse it here",
        pointer: "/States/QueryLanguage",
        line: 4,
        column: 3,
      },
    ]);
    expect(read).toEqual(placed);
    expect(compileMachine(text)).toEqual(placed);
    expect(variableReferences(text)).toEqual(variableReferences(JSON.stringify(placed)));
    expect(variableReferences(text)).toEqual({ variableReferences: { Plus: ["n"] } });
  });

  it("runs as what it is read as", async () => {
    expect(await output(machine(misplaced), 40)).toBe(42);
    const { world, run } = await begin(machine(misplaced), 1);
    expect(await world.until(run.result())).toBe(3);
  });

  it("may be JSONPath, and says what the states may have", () => {
    const States = { QueryLanguage: "JSONPath", A: { ...pass, ResultPath: "$.a" } };
    expect(errors({ StartAt: "A", States })).toEqual([]);
    expect(errors({ StartAt: "A", States: { ...States, QueryLanguage: "JSONata" } })).toMatchObject([
      expect.stringContaining("only supported for the 'JSONPath' QueryLanguage"),
    ]);
  });

  it.each<[string, object, string[]]>([
    [
      "with another value is no state",
      { StartAt: "A", States: { QueryLanguage: "jsonata", A: pass } },
      [
        "- Expected value of type [OBJECT] @/States/QueryLanguage",
        'MISSING_TRANSITION_TARGET State "QueryLanguage" is not reachable. @/States/QueryLanguage',
      ],
    ],
    [
      "is no state where the machine has its own",
      { QueryLanguage: "JSONata", StartAt: "A", States: { QueryLanguage: "JSONata", A: pass } },
      [
        "- Expected value of type [OBJECT] @/States/QueryLanguage",
        'MISSING_TRANSITION_TARGET State "QueryLanguage" is not reachable. @/States/QueryLanguage',
      ],
    ],
    [
      "is no state of a machine inside",
      {
        StartAt: "A",
        States: {
          A: {
            Type: "Parallel",
            Branches: [{ StartAt: "B", States: { QueryLanguage: "JSONata", B: pass } }],
            End: true,
          },
        },
      },
      [
        "- Expected value of type [OBJECT] @/States/A/Branches[0]/States/QueryLanguage",
        'MISSING_TRANSITION_TARGET State "QueryLanguage" is not reachable. @/States/A/Branches[0]/States/QueryLanguage',
      ],
    ],
    [
      "alone makes no states",
      { StartAt: "QueryLanguage", States: { QueryLanguage: "JSONata" } },
      [
        "- Value cannot be empty @/States",
        "MISSING_TRANSITION_TARGET Missing 'Next' target: QueryLanguage @/StartAt",
      ],
    ],
  ])("%s", (_, given, expected) => expect(errors(given)).toEqual(expected));

  it("that is an object is a state with that name", async () => {
    const given = inner("QueryLanguage", { ...pass, Result: "ran" });
    expect(checkDefinition(JSON.stringify(given)).diagnostics.map(({ code }) => code)).not.toContain(
      "MISPLACED_QUERY_LANGUAGE",
    );
    expect(compileMachine(JSON.stringify(given))).toEqual(given);
    expect(await output(machine(given), {})).toBe("ran");
  });

  it("that is there twice is an error", () => {
    const text = JSON.stringify(misplaced).replace('"States":{', '"States":{"QueryLanguage":"JSONata",');
    expect(checkDefinition(text).diagnostics).toMatchObject([
      { code: "MISPLACED_QUERY_LANGUAGE" },
      { code: "DUPLICATE_STATE_NAME", severity: "ERROR" },
    ]);
  });
});
