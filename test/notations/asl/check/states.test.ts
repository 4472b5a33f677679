// The types of states. One example for each rule.
import { describe, expect, it } from "vitest";
import { fn, end, errors, ofState, ofJsonata, task, inner, map, distributed, choice } from "./machines.ts";
import type { Fields } from "./machines.ts";

describe("a Task", () => {
  it.each<[string, Fields, string[]]>([
    ["needs a Resource", { Type: "Task", End: true }, ["- These fields are required: [Resource] @/States/A"]],
    [
      "has an ARN",
      { ...task, Resource: "save" },
      ["- Value is not a valid resource ARN @/States/A/Resource"],
    ],
    [
      "has a function's ARN",
      { ...task, Resource: `${fn}:` },
      ["- Value is not a valid resource ARN @/States/A/Resource"],
    ],
    [
      "has no job where there is none",
      { ...task, Resource: "arn:aws:states:::sqs:sendMessage.sync" },
      [
        "- The resource provided arn:aws:states:::sqs:sendMessage.sync is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. @/States/A/Resource",
      ],
    ],
    [
      "has at least one second",
      { ...task, TimeoutSeconds: 0 },
      ["- Minimum value is 1 @/States/A/TimeoutSeconds"],
    ],
    [
      "has at most some years",
      { ...task, TimeoutSeconds: 1e8 },
      ["- Maximum value is 99999999 @/States/A/TimeoutSeconds"],
    ],
    [
      "has whole seconds",
      { ...task, TimeoutSeconds: 1.5 },
      ["- Expected value of type Integer @/States/A/TimeoutSeconds"],
    ],
    [
      "has one time-out",
      { ...task, TimeoutSeconds: 1, TimeoutSecondsPath: "$.a" },
      ["- There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath] @/States/A"],
    ],
    [
      "beats before it times out",
      { ...task, TimeoutSeconds: 5, HeartbeatSeconds: 5 },
      ["- HeartbeatSeconds must be smaller than TimeoutSeconds @/States/A/HeartbeatSeconds"],
    ],
    [
      "has an object as Credentials",
      { ...task, Credentials: "x" },
      ["- Expected value of type [OBJECT] @/States/A/Credentials"],
    ],
    [
      "writes its result into the data",
      { ...task, ResultPath: "$$.a" },
      ["- Value is not a Reference Path: it must be in the state's data @/States/A/ResultPath"],
    ],
  ])("%s", (_, state, expected) => expect(ofState(state)).toEqual(expected));

  it("may compute its times in JSONata", () => {
    expect(ofJsonata({ ...task, TimeoutSeconds: "{% 2 %}" })).toEqual([]);
    expect(ofJsonata({ ...task, TimeoutSeconds: "2" })).toEqual([
      "- Expected value of type Integer @/States/A/TimeoutSeconds",
    ]);
  });
});

describe("Retry and Catch", () => {
  const retry = (...retriers: Fields[]): string[] => ofState({ ...task, Retry: retriers });
  const all = ["States.ALL"];
  it.each<[string, Fields[], string[]]>([
    ["need ErrorEquals", [{}], ["- These fields are required: [ErrorEquals] @/States/A/Retry[0]"]],
    ["need an error", [{ ErrorEquals: [] }], ["- Value cannot be empty @/States/A/Retry[0]/ErrorEquals"]],
    [
      "have States.ALL last",
      [{ ErrorEquals: all }, { ErrorEquals: ["X"] }],
      ["- States.ALL must appear alone and at end of list @/States/A/Retry[0]/ErrorEquals"],
    ],
    [
      "have States.ALL alone",
      [{ ErrorEquals: ["X", ...all] }],
      ["- States.ALL must appear alone and at end of list @/States/A/Retry[0]/ErrorEquals"],
    ],
    [
      "try at least no time",
      [{ ErrorEquals: all, MaxAttempts: -1 }],
      ["- Minimum value is 0 @/States/A/Retry[0]/MaxAttempts"],
    ],
    [
      "grow",
      [{ ErrorEquals: all, BackoffRate: 0.5 }],
      ["- Minimum value is 1 @/States/A/Retry[0]/BackoffRate"],
    ],
    [
      "wait longer at last",
      [{ ErrorEquals: all, IntervalSeconds: 5, MaxDelaySeconds: 5 }],
      ["- MaxDelaySeconds must be greater than IntervalSeconds @/States/A/Retry[0]/MaxDelaySeconds"],
    ],
    [
      "jitter in two ways",
      [{ ErrorEquals: all, JitterStrategy: "SOME" }],
      ["- Value should be one of the following: [NONE, FULL] @/States/A/Retry[0]/JitterStrategy"],
    ],
  ])("%s", (_, retriers, expected) => expect(retry(...retriers)).toEqual(expected));

  it("catch into a state", () => {
    expect(ofState({ ...task, Catch: [{ ErrorEquals: all }] })).toEqual([
      "- These fields are required: [Next] @/States/A/Catch[0]",
    ]);
  });

  it("give the error to the catcher only", () => {
    const caught = { ErrorEquals: all, Next: "B", Output: "{% $states.errorOutput.Cause %}" };
    expect(ofJsonata({ ...task, Catch: [caught] })).toEqual([]);
    expect(ofJsonata({ ...task, Output: "{% $states.errorOutput %}" })).toEqual([
      "UNSUPPORTED_JSONATA_EXPRESSION Field '$states.errorOutput' does not exist. @/States/A/Output",
    ]);
  });
});

describe("a Choice", () => {
  const at = "@/States/A/Choices[0]";
  it.each<[string, Fields, string[]]>([
    [
      "compares",
      choice({ Variable: "$.a" }),
      [`- The object must have one comparison beside 'Variable' ${at}`],
    ],
    [
      "compares something",
      choice({ IsNull: true }),
      [
        `- The object must have only one of the following fields, [And, Or, Not, Variable, Condition] ${at}`,
        `- These fields are required: [Variable] ${at}`,
      ],
    ],
    [
      "compares once",
      choice({ Variable: "$.a", IsNull: true, IsString: true }),
      [`- There should only be one of the following fields: [IsNull, IsString] ${at}`],
    ],
    [
      "has known comparisons",
      choice({ Variable: "$.a", IsFoo: true }),
      [
        `- Field 'IsFoo' is not supported ${at}`,
        `- The object must have one comparison beside 'Variable' ${at}`,
      ],
    ],
    [
      "has a path as Variable",
      choice({ Variable: "a", IsNull: true }),
      [`- Value is not a Reference Path: Reference path didn't start with '$' ${at}/Variable`],
    ],
    [
      "compares with the right type",
      choice({ Variable: "$.a", NumericEquals: "1" }),
      [`- Expected value of type Number ${at}/NumericEquals`],
    ],
    [
      "compares with times",
      choice({ Variable: "$.a", TimestampEquals: "today" }),
      [`- String does not match RFC3339 timestamp ${at}/TimestampEquals`],
    ],
    [
      "has one Next",
      choice({ Not: { Variable: "$.a", IsNull: true, Next: "B" } }),
      [`- Field 'Next' is not supported ${at}/Not`],
    ],
    ["combines", choice({ And: [] }), [`- Value cannot be empty ${at}/And`]],
    [
      "does not end",
      choice({ Variable: "$.a", IsNull: true, End: true }),
      [`- Field 'End' is not supported ${at}`],
    ],
  ])("%s", (_, state, expected) => expect(ofState(state)).toEqual(expected));

  it("has rules", () => {
    expect(
      errors({ StartAt: "A", States: { A: { Type: "Choice", Choices: [], Default: "B" }, B: end } }),
    ).toEqual(["- Value cannot be empty @/States/A/Choices"]);
  });

  it("has a Condition in JSONata", () => {
    expect(ofJsonata(choice({ Condition: "{% true %}", Output: 1, Assign: { x: 1 } }))).toEqual([]);
    expect(ofJsonata(choice({ Condition: true }))).toEqual([]);
    expect(ofJsonata(choice({}))).toEqual([`- These fields are required: [Condition] ${at}`]);
    expect(ofJsonata(choice({ Condition: "true" }))).toEqual([
      `- JSONata string must start with {% and end with %} ${at}/Condition`,
    ]);
    expect(ofJsonata(choice({ Condition: "{% true %}", Variable: "$.a" }))).toEqual([
      `- The QueryLanguage is set to 'JSONata', but field 'Variable' is only supported for the 'JSONPath' QueryLanguage ${at}`,
    ]);
  });
});

describe("Wait and Fail", () => {
  const four = "[SecondsPath, Seconds, TimestampPath, Timestamp] @/States/A";
  it.each<[string, Fields, string[]]>([
    [
      "waits for something",
      { Type: "Wait", End: true },
      [`- This object should have only one of the following fields: ${four}`],
    ],
    [
      "waits for one thing",
      { Type: "Wait", End: true, Seconds: 1, Timestamp: "2030-01-01T00:00:00Z" },
      [`- There should only be one of the following fields: ${four}`],
    ],
    ["waits forwards", { Type: "Wait", End: true, Seconds: -1 }, ["- Minimum value is 0 @/States/A/Seconds"]],
    [
      "waits until a time with a zone",
      { Type: "Wait", End: true, Timestamp: "2030-01-01T00:00:00" },
      ["- String does not match RFC3339 timestamp @/States/A/Timestamp"],
    ],
    [
      "fails with one error",
      { Type: "Fail", Error: "E", ErrorPath: "$.e" },
      ["- There should only be one of the following fields: [Error, ErrorPath] @/States/A"],
    ],
    [
      "fails for one cause",
      { Type: "Fail", Cause: "C", CausePath: "$.e" },
      ["- There should only be one of the following fields: [Cause, CausePath] @/States/A"],
    ],
  ])("%s", (_, state, expected) => expect(ofState(state)).toEqual(expected));
});

describe("Map and Parallel", () => {
  it.each<[string, Fields, string[]]>([
    [
      "need branches",
      { Type: "Parallel", Branches: [], End: true },
      ["- Value cannot be empty @/States/A/Branches"],
    ],
    [
      "need machines as branches",
      { Type: "Parallel", Branches: [[]], End: true },
      ["- Expected value of type [OBJECT] @/States/A/Branches[0]"],
    ],
    [
      "need a processor",
      { Type: "Map", End: true },
      ["- This object should have only one of the following fields: [ItemProcessor, Iterator] @/States/A"],
    ],
    [
      "need one processor",
      { ...map, Iterator: inner("J") },
      ["- There should only be one of the following fields: [ItemProcessor, Iterator] @/States/A"],
    ],
    [
      "select items once",
      { ...map, ItemSelector: {}, Parameters: {} },
      ["- There should only be one of the following fields: [ItemSelector, Parameters] @/States/A"],
    ],
    [
      "have one limit",
      { ...map, MaxConcurrency: 1, MaxConcurrencyPath: "$.a" },
      ["- There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath] @/States/A"],
    ],
    [
      "tolerate all at most",
      { ...map, ToleratedFailurePercentage: 101 },
      ["- Maximum value is 100 @/States/A/ToleratedFailurePercentage"],
    ],
    [
      "read items when distributed only",
      { ...map, ItemReader: { Resource: "arn:aws:states:::s3:getObject" } },
      ["- Field 'ItemReader' is not supported @/States/A"],
    ],
    [
      "say how children run",
      { ...map, ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED" }, ...inner("I") } },
      ["- These fields are required: [ExecutionType] @/States/A/ItemProcessor/ProcessorConfig"],
    ],
    [
      "have no children inline",
      {
        ...map,
        ItemProcessor: { ProcessorConfig: { Mode: "INLINE", ExecutionType: "EXPRESS" }, ...inner("I") },
      },
      ["- Field 'ExecutionType' is not supported @/States/A/ItemProcessor/ProcessorConfig"],
    ],
    [
      "batch by one number",
      distributed({ ItemBatcher: { MaxItemsPerBatch: 1, MaxItemsPerBatchPath: "$.n" } }),
      [
        "- There should only be one of the following fields: [MaxItemsPerBatch, MaxItemsPerBatchPath] @/States/A/ItemBatcher",
      ],
    ],
    [
      "name given headers",
      distributed({
        ItemReader: {
          Resource: "arn:aws:states:::s3:getObject",
          ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "GIVEN" },
        },
      }),
      ["- These fields are required: [CSVHeaders] @/States/A/ItemReader/ReaderConfig"],
    ],
    [
      "write in known forms",
      distributed({ ResultWriter: { WriterConfig: { OutputType: "CSV" } } }),
      [
        "- Value should be one of the following: [JSON, JSONL] @/States/A/ResultWriter/WriterConfig/OutputType",
      ],
    ],
  ])("%s", (_, state, expected) => expect(ofState(state)).toEqual(expected));
});
