import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App } from "aws-cdk-lib";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { Template } from "aws-cdk-lib/assertions";
import { afterAll, describe, expect, it } from "vitest";
import { TaskGenerationStack } from "../../../examples/task-generation/cdk/stack.ts";

type Json = Readonly<Record<string, unknown>>;

const definition = JSON.parse(
  readFileSync(new URL("../../../examples/task-generation/workflow.asl.json", import.meta.url), "utf8"),
) as Json;

const outdir = mkdtempSync(path.join(tmpdir(), "daruma-cdk-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

function synthesize(): { stack: TaskGenerationStack; template: Template } {
  const app = new App({ outdir });
  const stack = new TaskGenerationStack(app, "TaskGeneration", {
    code: lambda.Code.fromInline("exports.handler = async () => {}"),
    databaseUrl: "postgres://example/tasks",
    bedrockModel: "amazon.nova-lite-v1:0",
  });
  return { stack, template: Template.fromStack(stack) };
}

/** The definition of the template, with the ARNs that `workflow.asl.json` names in place of references. */
function definitionIn(template: Template): unknown {
  const [machine] = Object.values(template.findResources("AWS::StepFunctions::StateMachine"));
  const { DefinitionString } = (machine ?? {})["Properties"] as {
    DefinitionString: { "Fn::Join": [string, unknown[]] };
  };
  const [separator, parts] = DefinitionString["Fn::Join"];
  return JSON.parse(parts.map(literal).join(separator));
}

function literal(part: unknown): string {
  if (typeof part === "string") return part;
  const { Ref, "Fn::GetAtt": attribute } = part as { Ref?: string; "Fn::GetAtt"?: [string, string] };
  const id = (attribute?.[0] ?? Ref ?? "").replace(/[0-9A-F]{8}$/u, "");
  const service = id.endsWith("Function")
    ? "lambda:us-east-1:123456789012:function"
    : "sns:us-east-1:123456789012";
  return `arn:aws:${service}:${id}`;
}

describe("the CDK stack", () => {
  const { stack, template } = synthesize();

  it("deploys the definition as it is", () => {
    expect(definitionIn(template)).toEqual(definition);
  });

  it("has a function for each name in the definition, exported by the module of handlers", async () => {
    const handlers = await import("../../../examples/task-generation/handlers/index.ts");
    const names = [...stack.functions.keys()].toSorted();
    expect(names).toEqual(
      Object.keys(handlers)
        .filter((name) => name.endsWith("Function"))
        .toSorted(),
    );
    for (const name of names)
      template.hasResourceProperties("AWS::Lambda::Function", { Handler: `index.${name}` });
  });

  it("lets the state machine call them and publish, and nothing more", () => {
    const policies = Object.entries(template.findResources("AWS::IAM::Policy"));
    const [, policy] = policies.find(([id]) => id.startsWith("TaskGenerationWorkflow")) ?? [];
    const { Statement } = (
      (policy ?? {})["Properties"] as { PolicyDocument: { Statement: { Action: string }[] } }
    ).PolicyDocument;
    expect(new Set(Statement.map(({ Action }) => Action))).toEqual(
      new Set(["lambda:InvokeFunction", "sns:Publish"]),
    );
  });
});
