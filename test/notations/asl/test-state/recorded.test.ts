// TestState as it was recorded on AWS, without a server: each case is a few requests and their answers.
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../../src/notations/asl/json.ts";
import type { TaskCall } from "../../../../src/notations/asl/task-host.ts";
import { TestStateError } from "../../../../src/notations/asl/test-state/refusal.ts";
import { testState } from "../../../../src/notations/asl/test-state/test-state.ts";
import { Comparison, recordedCases } from "./recorded.ts";
import type { RecordedCase } from "./recorded.ts";
import { toolsFor } from "./tools.ts";

const cases = recordedCases("test_state");
const missing = cases.length === 0 && process.env["CI"] === undefined;
if (missing) console.log("Skipped: ../shared/asl, where the recorded cases are, does not exist.");

describe.skipIf(missing)("TestState as recorded", () => {
  it("has cases", () => expect(cases.length).toBeGreaterThan(0));

  it.each(cases.map((one) => [one.name.replace(/^.*?::/, ""), one] as const))(
    "%s",
    async (_name, recorded) => {
      expect(await differences(recorded)).toEqual([]);
    },
  );
});

interface Answer {
  readonly view: unknown;
  readonly code?: string;
  readonly message?: string;
}

async function differences(recorded: RecordedCase): Promise<readonly string[]> {
  const comparison = new Comparison(recorded);
  const answers = new Map<string, Answer>();
  for (const { op, id, params, key, actual } of recorded.steps) {
    if (op === "TestState") answers.set(id, await ask(params, recorded));
    if (op !== "@match") continue;
    const { $ref = "", $exceptionText = "" } = actual;
    const value =
      $ref === "" && $exceptionText === "" ? exception(actual, answers) : viewOf(answers.get($ref));
    comparison.compare(recorded.expected[key], value, `/${key}`);
  }
  return comparison.differences;
}

function viewOf(answer: Answer | undefined): unknown {
  return answer?.view;
}

/** `{exception_typename, exception_value}` */
function exception(actual: object, answers: ReadonlyMap<string, Answer>): unknown {
  return Object.fromEntries(
    Object.entries(actual).map(([name, value]: [string, unknown]) => {
      const of = JSON.stringify(value).match(/s\d+/)?.[0] ?? "";
      const { code = "", message = "" } = answers.get(of) ?? {};
      const text = `An error occurred (${code}) when calling the TestState operation: ${message}`;
      return [name, name === "exception_typename" ? code : text];
    }),
  );
}

async function ask(params: object, recorded: RecordedCase): Promise<Answer> {
  const text = JSON.stringify(params).replaceAll("${uid}", "u");
  const tools = toolsFor(async ({ resource, input }) => answerOf({ resource, input }, recorded));
  try {
    const body = await testState(JSON.parse(text) as JsonObject, tools);
    return { view: { ...body, ResponseMetadata: { HTTPHeaders: {}, HTTPStatusCode: 200 } } };
  } catch (error) {
    if (!(error instanceof TestStateError)) throw error;
    const { code, message } = error;
    const metadata = { HTTPHeaders: {}, HTTPStatusCode: 400 };
    return {
      view: { Error: { Code: code, Message: message }, message, ResponseMetadata: metadata },
      code,
      message,
    };
  }
}

/** The case's Lambda functions, called by their ARN or through `lambda:invoke`. */
function answerOf(
  { resource, input }: Pick<TaskCall, "input" | "resource">,
  { lambdas }: RecordedCase,
): Json {
  const through = resource === "arn:aws:states:::lambda:invoke";
  const given = through ? (input as JsonObject)["Payload"] : input;
  const [behavior] = Object.values(lambdas);
  const output = (behavior?.behaviour === "return" ? behavior.value : (given ?? {})) as Json;
  if (!through) return output;
  return {
    ExecutedVersion: "$LATEST",
    Payload: output,
    SdkHttpMetadata: {},
    SdkResponseMetadata: {},
    StatusCode: 200,
  };
}
