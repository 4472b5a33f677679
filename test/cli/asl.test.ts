// `daruma asl check`
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asl } from "../../src/cli/commands/asl.ts";
import { dispatch } from "../../src/cli/dispatch.ts";
import { newFolder, TestIo } from "./support/world.ts";

interface Checked {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Writes the files and checks the first one; `FOLDER` in the output stands for where they are. */
async function check(files: Record<string, string>, ...options: string[]): Promise<Checked> {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const [first = ""] = Object.keys(files);
  const io = new TestIo();
  const args = ["asl", "check", join(folder, first), ...options];
  const code = await dispatch(args, { commands: [asl], version: "1.2.3", io });
  return { code, out: io.stdout.text.replaceAll(folder, "FOLDER"), err: io.stderr.text };
}

async function command(...args: string[]): Promise<Checked> {
  const io = new TestIo();
  const code = await dispatch(args, { commands: [asl], version: "1.2.3", io });
  return { code, out: io.stdout.text, err: io.stderr.text };
}

const good = `{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Task", "Resource": "\${SaveFunctionArn}", "End": true }
  }
}`;

describe("a definition", () => {
  it("that is good is ok, placeholders and all", async () => {
    expect(await check({ "a.asl.json": good })).toEqual({ code: 0, out: "ok  FOLDER/a.asl.json\n", err: "" });
  });

  it("in JSON shows where its problems are", async () => {
    const bad = good.replace('"End": true', '"Next": "B\\u001b[31m"');
    const { code, out } = await check({ "a.asl.json": bad });
    expect(code).toBe(1);
    expect(out).toBe(
      String.raw`FOLDER/a.asl.json:4:62 ERROR MISSING_TRANSITION_TARGET Missing 'Next' target: B\x1b[31m (/States/A/Next)` +
        "\nFOLDER/a.asl.json:1:1 ERROR MISSING_END_STATE Workflow has no terminal state\n",
    );
  });

  it("may have the query language among its states, with a warning", async () => {
    const States = { QueryLanguage: "JSONata", A: { Type: "Pass", Output: "{% 1 %}", End: true } };
    const { code, out } = await check({ "a.asl.json": JSON.stringify({ StartAt: "A", States }) });
    expect(code).toBe(0);
    expect(out).toBe(
      "FOLDER/a.asl.json:1:26 WARNING MISPLACED_QUERY_LANGUAGE QueryLanguage stands among the states and is taken as the machine's: move it to the top level, AWS may refuse it here (/States/QueryLanguage)\n",
    );
  });

  it("in YAML shows the lines of the YAML", async () => {
    const yaml = `# orders
QueryLanguage: JSONata
StartAt: A
States:
  A: &a
    Type: Pass
    Output:
      total: "{% $sum(prices) %}"
    Next: B
  B:
    Type: Pass
    Outptu: 1
    End: true
`;
    expect(await check({ "a.asl.yaml": yaml })).toEqual({
      code: 1,
      err: "",
      out:
        "FOLDER/a.asl.yaml:8:7 ERROR UNSUPPORTED_JSONATA_EXPRESSION Reference to 'prices' at the top level is not supported. (/States/A/Output/total)\n" +
        "FOLDER/a.asl.yaml:12:5 ERROR SCHEMA_VALIDATION_FAILED Field 'Outptu' is not supported (/States/B)\n",
    });
  });

  it("that cannot be read says so", async () => {
    const json = await check({ "a.json": '{"StartAt": "A",}' });
    expect(json).toMatchObject({
      code: 1,
      out: expect.stringContaining(
        "a.json:1:18 ERROR INVALID_JSON_DESCRIPTION Unexpected character",
      ) as string,
    });
    const yaml = await check({ "a.yml": "StartAt: A\nStates: [\n" });
    expect(yaml).toMatchObject({
      code: 1,
      out: expect.stringMatching(/a\.yml:3:1 ERROR INVALID_JSON_DESCRIPTION/u) as string,
    });
  });

  it("may be checked as EXPRESS, and for programs", async () => {
    const activity = good.replace("${SaveFunctionArn}", "arn:aws:states:us-east-1:000000000000:activity:a");
    expect(await check({ "a.json": activity })).toMatchObject({ code: 0 });
    const { code, out } = await check({ "a.json": activity }, "--type", "EXPRESS", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      file: "FOLDER/a.json",
      machine: "FOLDER/a.json",
      line: 4,
      severity: "ERROR",
      code: "SCHEMA_VALIDATION_FAILED",
      message: "Express state machine does not support Activity ARN",
      pointer: "/States/A/Resource",
    });
  });

  it("with warnings only is good", async () => {
    const warned = good.replace('"End"', '"Parameters": { "a": "$.b" }, "End"');
    const { code, out } = await check({ "a.json": warned });
    expect(code).toBe(0);
    expect(out).toContain("WARNING NO_DOLLAR");
  });
});

describe("hostile YAML", () => {
  it.each([
    [
      "aliases that unfold",
      `a: &a [1,1,1,1,1,1,1,1,1,1]\n${"bcdefgh"
        .split("")
        .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${"abcdefgh"[index]}`).join(",")}]\n`)
        .join("")}`,
    ],
    ["an alias to itself", "a: &a\n  b: *a\n"],
    ["depth", `a: ${"[".repeat(20_000)}`],
  ])("%s", async (_, text) => {
    const { code, out } = await check({ "a.yaml": text });
    expect(code).toBe(1);
    expect(out).toContain("ERROR INVALID_JSON_DESCRIPTION");
  });
});

/** As `cdk synth` writes it. */
const cdk = JSON.stringify({
  Resources: {
    SaveFn1A2B: { Type: "AWS::Lambda::Function" },
    Topic3C: { Type: "AWS::SNS::Topic" },
    Machine5D: {
      Type: "AWS::StepFunctions::StateMachine",
      Properties: {
        DefinitionString: {
          "Fn::Join": [
            "",
            [
              '{"StartAt":"Save","States":{"Save":{"Next":"Tell","Type":"Task","Resource":"arn:',
              { Ref: "AWS::Partition" },
              ':states:::lambda:invoke","Parameters":{"FunctionName":"',
              { "Fn::GetAtt": ["SaveFn1A2B", "Arn"] },
              '","Payload.$":"$"}},"Tell":{"End":true,"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{"TopicArn":"',
              { Ref: "Topic3C" },
              '","Message.$":"$.m"}}}}',
            ],
          ],
        },
      },
    },
  },
});

describe("a template", () => {
  it("of the CDK has its machines checked, and the functions called by their handlers' names", async () => {
    expect(await check({ "Stack.template.json": cdk }, "--handlers", "SaveFn1A2B=save")).toEqual({
      code: 0,
      err: "",
      out: "ok  FOLDER/Stack.template.json Machine5D\n    Save calls save (SaveFn1A2B)\n",
    });
    const { out } = await check({ "Stack.template.json": cdk }, "--handlers", "X=y", "--json");
    expect(JSON.parse(out)).toEqual({
      file: "FOLDER/Stack.template.json",
      machine: "Machine5D",
      state: "Save",
      function: "SaveFn1A2B",
    });
  });

  const sam = `Resources:
  SaveFn:
    Type: AWS::Serverless::Function
  Quick:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      DefinitionSubstitutions:
        SaveArn: !GetAtt SaveFn.Arn
      Definition:
        StartAt: A
        States:
          A:
            Type: Task
            Resource: "\${SaveArn}"
            Next: B
          B:
            Type: Task
            Resource: !Sub arn:\${AWS::Partition}:states:::sqs:sendMessage.waitForTaskToken
            End: true
  Slow:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: machines/slow.asl.yaml
      DefinitionSubstitutions:
        SaveArn: !GetAtt SaveFn.Arn
  Text:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub
        - |
          {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"\${Fn}","Nxet":1,"End":true}}}
        - Fn: !If [Live, !GetAtt SaveFn.Arn, !Ref AWS::NoValue]
  Far:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionS3Location: { Bucket: b, Key: k }
`;
  const slow = 'StartAt: A\nStates:\n  A:\n    Type: Task\n    Resource: "${SaveArn}"\n    End: 1\n';

  it("of SAM has each machine checked where it stands", async () => {
    const { code, out } = await check({ "template.yaml": sam, "machines/slow.asl.yaml": slow });
    expect(code).toBe(1);
    const lines = out.trim().split("\n");
    expect(lines).toEqual([
      "FOLDER/template.yaml:19:13 ERROR SCHEMA_VALIDATION_FAILED Express state machine does not support '.waitForTaskToken' service integration  (/States/B/Resource)",
      "FOLDER/machines/slow.asl.yaml:6:5 ERROR SCHEMA_VALIDATION_FAILED Expected value of type [BOOLEAN] (/States/A/End)",
      "FOLDER/machines/slow.asl.yaml:3:3 ERROR SCHEMA_VALIDATION_FAILED This object should have only one of the following fields: [Next, End] (/States/A)",
      "FOLDER/machines/slow.asl.yaml:1:1 ERROR MISSING_END_STATE Workflow has no terminal state",
      "FOLDER/template.yaml:30:7 ERROR SCHEMA_VALIDATION_FAILED Field 'Nxet' is not supported (/States/A)",
      expect.stringMatching(
        /^FOLDER\/template\.yaml:36:5 ERROR INVALID_JSON_DESCRIPTION The definition is not in the template/u,
      ),
    ]);
  });

  it("says which file it misses", async () => {
    const { code, out } = await check({ "template.yaml": sam });
    expect(code).toBe(1);
    expect(out).toContain(
      "FOLDER/template.yaml:23:5 ERROR INVALID_JSON_DESCRIPTION The DefinitionUri is no file that can be read: machines/slow.asl.yaml",
    );
  });

  it("without a state machine is an error", async () => {
    const { code, out } = await check({ "t.json": '{"Resources":{"Q":{"Type":"AWS::SQS::Queue"}}}' });
    expect(code).toBe(1);
    expect(out).toContain("t.json:1:1 ERROR MISSING_DESCRIPTION There is no state machine in this template");
  });
});

describe("the command line", () => {
  it.each([
    [["asl"], /check is missing/u],
    [["asl", "check"], /FILE is missing/u],
    [["asl", "lint", "a.json"], /The command "asl" cannot "lint"/u],
    [["asl", "check", "gone.json"], /There is no file "gone.json"/u],
    [["asl", "check", "a.json", "--handlers", "x"], /--handlers needs pairs/u],
    [["asl", "check", "a.json", "--type", "FAST"], /--type has a value/u],
  ])("%j is wrong", async (args, message) => {
    const { code, err } = await command(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
