// The text of a definition: what is no JSON, where things stand, hostile texts, and what is kept.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { invalidDefinition } from "../../../../src/notations/asl/check/aws-message.ts";
import { checkDefinition, checkStateAlone } from "../../../../src/notations/asl/check/check.ts";
import { compileMachine } from "../../../../src/notations/asl/check/compile.ts";
import { layoutOf } from "../../../../src/notations/asl/check/json-text.ts";
import { isObject } from "../../../../src/notations/asl/json.ts";
import { StatesError } from "../../../../src/notations/asl/states-error.ts";
import { runs } from "../../../support/properties.ts";

const small = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}';

describe("a text that is no JSON", () => {
  it.each([
    ["not json", "Unrecognized token 'not': was expecting", 1, 4],
    ["{'a':1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", 1, 3],
    [
      '{"a" 1}',
      "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
      1,
      7,
    ],
    [
      '{"a":1\n "b":2}',
      "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
      2,
      3,
    ],
    [
      '{"a":[1 2]}',
      "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries",
      1,
      10,
    ],
    [
      '{"a":1,}',
      "Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
      1,
      9,
    ],
    ['{"a":]', "Unexpected character (']' (code 93)): expected a valid value", 1, 7],
    ['{"a":01}', "Invalid numeric value: Leading zeroes not allowed", 1, 8],
    ['{"a":"x\ny"}', "Illegal unquoted character ((CTRL-CHAR, code 10))", 1, 8],
    [String.raw`{"a":"\x"}`, "Unrecognized character escape 'x' (code 120)", 1, 9],
    ['{"a":"x', "Unexpected end-of-input in VALUE_STRING", 1, 8],
    ['{"a":1', "Unexpected end-of-input: expected close marker for Object", 1, 7],
  ])("%j", (text, message, line, column) => {
    const { diagnostics, machine } = checkDefinition(text);
    expect(machine).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: "INVALID_JSON_DESCRIPTION", line, column }]);
    expect(diagnostics[0]?.message.startsWith(message), diagnostics[0]?.message).toBe(true);
    expect(diagnostics[0]?.pointer).toBe(`[Source: (String)"${text}"; line: ${line}, column: ${column}]`);
    expect(invalidDefinition(diagnostics)).toContain(`'INVALID_JSON_DESCRIPTION: ${message}`);
  });

  it.each(["", "  ", "1", "[]", "null", '"x"'])("%j is no definition either", (text) => {
    expect(checkDefinition(text).diagnostics).toMatchObject([
      { code: "SCHEMA_VALIDATION_FAILED", message: "Definition must be a valid JSON object" },
    ]);
  });

  it("is told from JSON as JSON.parse tells it", () => {
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const token = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"\\u0041"',
      "1",
      "-0.5e3",
      "true",
      "null",
      " ",
      "\n",
      "x",
    );
    const texts = fc.oneof(
      fc.json(),
      fc.array(token, { maxLength: 8 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(layoutOf(text).problem === undefined).toBe(parses(text));
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe("positions", () => {
  it("are lines and columns of the keys", () => {
    const text = `{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Choice", "Choices": [
      { "Variable": "$.a", "IsNull": 1,
        "Next": "X" }] }
  }
}`;
    expect(checkDefinition(text).diagnostics).toMatchObject([
      { pointer: "/States/A/Choices[0]/IsNull", line: 5, column: 28 },
      { pointer: "/States/A/Choices[0]/Next", line: 6, column: 9 },
      { code: "MISSING_END_STATE" },
    ]);
  });

  it("are given by whoever made the text from another one", () => {
    const { diagnostics } = checkDefinition('{"States":{}}', { position: () => ({ line: 7, column: 3 }) });
    expect(diagnostics[0]).toMatchObject({ pointer: "/", line: 7, column: 3 });
  });
});

describe("keys that are there twice", () => {
  it("are states: an error", () => {
    const text = '{"StartAt":"A","States":{"A":{"Type":"Succeed"},"A":{"Type":"Succeed"}}}';
    expect(invalidDefinition(checkDefinition(text).diagnostics)).toBe(
      "Invalid State Machine Definition: 'DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A'",
    );
  });

  it("are fields: the last one counts", () => {
    const { diagnostics, machine } = checkDefinition(small.replace('"End":true', '"End":1,"End":true'));
    expect(machine?.States["A"]).toEqual({ Type: "Pass", End: true });
    expect(diagnostics).toMatchObject([
      { code: "DUPLICATE_KEY", severity: "WARNING", pointer: "/States/A/End" },
    ]);
  });
});

describe("hostile texts", () => {
  const megabyte = 1_048_576;
  it.each([
    ["brackets", "[".repeat(megabyte)],
    ["objects", '{"a":'.repeat(megabyte / 5)],
    ["a long name", `{"${"a".repeat(megabyte - 10)}`],
    ["deep rules", `{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[${'{"Not":'.repeat(2000)}`],
  ])("%s are refused at once", (_, text) => {
    const began = performance.now();
    expect(checkDefinition(text).machine).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it("nest as deep as a text may", () => {
    const nested = (open: string, close: string): string =>
      small.replace('"End"', `"Parameters":${open.repeat(900)}1${close.repeat(900)},"End"`);
    expect(checkDefinition(nested("[", "]")).machine).toBeDefined();
    expect(checkDefinition(nested('{"a":', "}")).machine).toBeDefined();
  });

  it("have names that objects have anyway", () => {
    const text =
      '{"StartAt":"__proto__","States":{"__proto__":{"Type":"toString"}},"constructor":1,"__proto__":2}';
    const { diagnostics } = checkDefinition(text);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "Value should be one of the following: [Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map]",
      "Field 'constructor' is not supported",
      "Field '__proto__' is not supported",
      "Workflow has no terminal state",
    ]);
  });

  it("find a bounded number of problems", () => {
    const states = Array.from({ length: 3000 }, (_, index) => `"s${index}":{"Type":"Pass"}`);
    expect(checkDefinition(`{"StartAt":"s0","States":{${states.join(",")}}}`).diagnostics).toHaveLength(1000);
  });

  it("are JSON of any shape: never an exception", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom("Pass", "Task", "Choice", "Wait", "Fail", "Parallel", "Map"),
        (any, type) => {
          const fields: object = isObject(any)
            ? any
            : { Choices: any, Branches: any, ItemProcessor: any, Retry: any };
          checkDefinition(JSON.stringify(any));
          checkDefinition(JSON.stringify({ StartAt: any, States: any }));
          checkDefinition(
            JSON.stringify({
              StartAt: "A",
              States: { A: { ...fields, Type: type, Assign: any, Catch: [any] } },
            }),
          );
        },
      ),
    );
  });
});

describe("a state alone", () => {
  it("goes on to wherever it likes", () => {
    expect(checkStateAlone('{"Type":"Pass","Next":"Elsewhere"}').machine).toEqual({
      StartAt: "StateName",
      States: { StateName: { Type: "Pass", Next: "Elsewhere" } },
    });
  });

  it("is called StateName", () => {
    expect(
      invalidDefinition(checkStateAlone('{"Type":"Parallel","Branches":[],"End":true}').diagnostics),
    ).toBe(
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches'",
    );
  });
});

describe("invalidDefinition", () => {
  it("names all errors, and no warnings", () => {
    const text =
      '{"StartAt":"A","StartAt":"A","States":{"A":{"Type":"Pass","Next":"X"},"B":{"Type":"Succeed"}}}';
    expect(invalidDefinition(checkDefinition(text).diagnostics)).toBe(
      "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Next, " +
        'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B\'',
    );
  });

  it.each([
    ["a\tb", String.raw`["Label contains invalid character: '\\t'"]`],
    ['a"b', String.raw`['Label contains invalid character: \'"\'']`],
    ["a\\b", String.raw`["Label contains invalid character: '\\\\'"]`],
    ["a\u0085b", String.raw`["Label contains invalid character: '\\x85'"]`],
  ])("shows the definition for the label %j", (label, shown) => {
    const text = JSON.stringify({
      StartAt: "A",
      States: {
        A: {
          Type: "Map",
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            StartAt: "B",
            States: { B: { Type: "Succeed" } },
          },
          Label: label,
          End: true,
        },
      },
    });
    expect(invalidDefinition(checkDefinition(text).diagnostics, text)).toBe(
      `Error=ValueError Args=${shown} in definition '${text}'.`,
    );
  });
});

describe("compileMachine", () => {
  it("parses once", () => {
    expect(compileMachine(small)).toEqual(JSON.parse(small));
    expect(compileMachine(small)).toBe(compileMachine(small));
  });

  it("forgets what was used longest ago", () => {
    const first = compileMachine(small);
    for (let index = 0; index < 40; index++)
      compileMachine(small.replace("Pass", `Pass${index}${"x".repeat(1_000_000)}`));
    expect(compileMachine(small)).not.toBe(first);
  });

  it("says what is wrong with other texts", () => {
    expect(() => compileMachine("{")).toThrow(StatesError);
    expect(() => compileMachine("{")).toThrow(expect.objectContaining({ error: "States.Runtime" }));
  });
});
