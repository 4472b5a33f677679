/** State machines that use much of the language, wait for nothing and reach nothing but handlers: what is changed from them ends soon. */
import type { Json, JsonObject } from "../../../src/notations/asl/json.ts";

const lambda = "arn:aws:lambda:us-east-1:123456789012:function:";

const all = { ErrorEquals: ["States.ALL"] };

const branches: JsonObject = {
  StartAt: "Both",
  States: {
    Both: {
      Type: "Parallel",
      Branches: [
        {
          StartAt: "Put",
          States: {
            Put: { Type: "Pass", Result: { x: 1 }, ResultPath: "$.r", Next: "Choose" },
            Choose: {
              Type: "Choice",
              Choices: [
                {
                  And: [
                    { Variable: "$.r.x", IsPresent: true },
                    { Not: { Variable: "$.r.x", NumericEquals: 2 } },
                  ],
                  Next: "Set",
                },
                { Variable: "$$.Execution.StartTime", IsTimestamp: true, Next: "Set" },
              ],
              Default: "Set",
            },
            Set: { Type: "Pass", Assign: { "v.$": "$.r" }, End: true },
          },
        },
        { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: 0, End: true } } },
      ],
      ResultSelector: { "all.$": "$[*]" },
      ResultPath: "$.out",
      Catch: [{ ...all, Next: "Broken", ResultPath: "$.err" }],
      Next: "Each",
    },
    Each: {
      Type: "Map",
      ItemsPath: "$.out.all",
      MaxConcurrency: 2,
      ItemSelector: { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value" },
      ItemProcessor: {
        StartAt: "Format",
        States: {
          Format: {
            Type: "Pass",
            Parameters: {
              "s.$": "States.Format('{}-{}', $.i, States.JsonToString($.v))",
              "u.$": "States.UUID()",
            },
            End: true,
          },
        },
      },
      End: true,
    },
    Broken: { Type: "Fail", ErrorPath: "$.err.Error", CausePath: "States.Format('c {}', $.err.Cause)" },
  },
};

const expressions: JsonObject = {
  QueryLanguage: "JSONata",
  StartAt: "Set",
  States: {
    Set: {
      Type: "Pass",
      Assign: { a: "{% $states.input.a %}", n: "{% [1..5] %}" },
      Output: { id: "{% $states.context.Execution.Id %}", twice: "{% $map($n, function($v) { $v * 2 }) %}" },
      Next: "Each",
    },
    Each: {
      Type: "Map",
      Items: "{% $n %}",
      MaxConcurrency: "{% 2 %}",
      ItemSelector: { v: "{% $states.context.Map.Item.Value %}" },
      ItemProcessor: {
        StartAt: "Call",
        States: {
          Call: {
            Type: "Task",
            Resource: "arn:aws:states:::lambda:invoke",
            Arguments: { FunctionName: "echo", Payload: "{% $states.input %}" },
            Output: "{% $states.result.Payload.v %}",
            TimeoutSeconds: "{% 30 %}",
            End: true,
          },
        },
      },
      Output: "{% $sum($states.result) %}",
      Catch: [
        {
          ...all,
          Next: "Broken",
          Output: "{% $states.errorOutput %}",
          Assign: { e: "{% $states.errorOutput.Error %}" },
        },
      ],
      Next: "Choose",
    },
    Choose: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $states.input > 10 %}", Next: "Done", Output: "{% $string($states.input) %}" },
      ],
      Default: "Broken",
    },
    Done: { Type: "Succeed", Output: { done: "{% $states.input & $uuid() & $hash('x', 'SHA-1') %}" } },
    Broken: { Type: "Fail", Error: "{% 'E' %}", Cause: "{% $string($states.input) %}" },
  },
};

const children: JsonObject = {
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      ItemsPath: "$.items",
      Label: "L",
      ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { "b.$": "$.b" } },
      ToleratedFailurePercentage: 50,
      MaxConcurrency: 2,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "Call",
        States: {
          Call: {
            Type: "Task",
            Resource: `${lambda}echo`,
            InputPath: "$.Items",
            ResultSelector: { "r.$": "$" },
            End: true,
          },
        },
      },
      ResultPath: "$.res",
      OutputPath: "$.res",
      Next: "Fails",
    },
    Fails: {
      Type: "Task",
      Resource: `${lambda}fails`,
      Parameters: { "n.$": "States.ArrayLength($)", "in.$": "$$.Execution.Input" },
      Retry: [{ ErrorEquals: ["Other"], MaxAttempts: 0 }],
      Catch: [{ ...all, Next: "Ask", ResultPath: "$" }],
      End: true,
    },
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:sfn:describeStateMachine",
      Parameters: { "StateMachineArn.$": "$.Error" },
      Catch: [{ ...all, Next: "Start" }],
      Next: "Start",
    },
    Start: {
      Type: "Task",
      Resource: "arn:aws:states:::states:startExecution",
      Parameters: { StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:m", "Input.$": "$" },
      Catch: [{ ...all, Next: "Done" }],
      Next: "Done",
    },
    Done: { Type: "Succeed" },
  },
};

export const varied: readonly JsonObject[] = [branches, expressions, children];

export const inputs: readonly Json[] = [
  {},
  null,
  "text",
  [1, [2], {}],
  { a: { b: [1, null] }, items: [1, "x", { y: null }], b: 2 },
];
