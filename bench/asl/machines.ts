/* State machines of the benchmark. */

/** A definition of a state machine. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, object>>;
}

/** `count` Pass states one after the other. */
export function passes(count: number): Definition {
  const States = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `Pass${i}`,
      { Type: "Pass", ...(i === count - 1 ? { End: true } : { Next: `Pass${i + 1}` }) },
    ]),
  );
  return { StartAt: "Pass0", States };
}

const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:Identity";

/** A Map over the input, one task for each item. */
export const mapOfTasks: Definition = {
  StartAt: "Map",
  States: {
    Map: {
      Type: "Map",
      ItemProcessor: {
        StartAt: "Task",
        States: { Task: { Type: "Task", Resource: functionArn, End: true } },
      },
      End: true,
    },
  },
};

/** A Map over the input, a Pass state for each item. */
export const mapOfPasses: Definition = {
  StartAt: "Map",
  States: {
    Map: {
      Type: "Map",
      ItemProcessor: { StartAt: "Pass", States: { Pass: { Type: "Pass", End: true } } },
      End: true,
    },
  },
};

/** One task. */
export const oneTask: Definition = {
  StartAt: "Task",
  States: { Task: { Type: "Task", Resource: functionArn, End: true } },
};

/** A Distributed Map over a file of JSON lines, a Pass state for each; the results are not collected. */
export function distributed(key: string): Definition {
  return {
    StartAt: "Map",
    States: {
      Map: {
        Type: "Map",
        ItemReader: {
          Resource: "arn:aws:states:::s3:getObject",
          ReaderConfig: { InputType: "JSONL" },
          Parameters: { Bucket: "file:items", Key: key },
        },
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "Pass",
          States: { Pass: { Type: "Pass", End: true } },
        },
        ResultPath: null,
        End: true,
      },
    },
  };
}

/** Counts from 0 to `$.to`; two states and four events for each number. */
export const counter: Definition = {
  StartAt: "Add",
  States: {
    Add: {
      Type: "Pass",
      Parameters: { "n.$": "States.MathAdd($.n, 1)", "to.$": "$.to" },
      Next: "Enough",
    },
    Enough: {
      Type: "Choice",
      Choices: [{ Variable: "$.n", NumericEqualsPath: "$.to", Next: "Done" }],
      Default: "Add",
    },
    Done: { Type: "Succeed" },
  },
};
