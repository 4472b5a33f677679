// Definitions that others published, and what AWS answered to those of the recorded cases.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { invalidDefinition } from "../../../../src/notations/asl/check/aws-message.ts";
import { checkDefinition, checkStateAlone } from "../../../../src/notations/asl/check/check.ts";

const folder = resolve(import.meta.dirname, "../../../../../shared/asl");
const there = existsSync(resolve(folder, "cases.json"));
const ci = process.env["CI"] === "true";
if (!there && !ci) console.log(`Skipped: the recorded definitions are not there (${folder}).`);

/** A published definition. */
interface Published {
  readonly suite: string;
  readonly file: string;
  readonly definition: unknown;
  readonly text: string | null;
  readonly expect: "valid" | "invalid" | "unstated";
}

/** Where we differ from what the suite says, and why. */
const differences: Readonly<Record<string, string>> = {
  "invalid-json-surround-syntax-extra-spaces.json": "AWS trims what is between {% and %}",
  "invalid-math-add.json": "a call is checked for its form; what it is called with fails at run time",
  "invalid-jsonata-surround-syntax-no-spaces.json": "the specification asks for no space after {%",
  "valid-assign.asl.json": "AWS refuses the variable name top-level (INVALID_VARIABLE_NAME)",
  "valid-map-noconfig.asl.json": "ItemReader and ResultWriter need the mode DISTRIBUTED",
  "valid-map-with-item-batcher-jsonata.json": "AWS refuses JSONPath states in a JSONata machine",
  "valid-task-intrisic-function.json": "functions of CloudFormation are no part of a definition",
  "shared-fallback-state-jsonata/statemachine/statemachine.asl.json":
    "QueryLanguage stands among the states, so AWS refuses it",
  "resource-config-validity/goodbye-invalid.json": "a field of another implementation",
  "resource-config-validity/goodbye-valid.json": "a field of another implementation",
};

/**
 * What a deployment does before AWS sees a definition: placeholders become ARNs and names, and numbers where a number must stand; resources that are none become functions.
 * Names of states that the collection has read as booleans (`Yes` and `No` in YAML 1.1) are names again.
 */
function deployed(value: unknown, key?: string): unknown {
  if (typeof value === "boolean" && (key === "Next" || key === "Default")) return String(value);
  if (typeof value === "string" && key?.endsWith("Seconds") === true && /^\$\{[^}]*\}$/u.test(value))
    return 60;
  if (Array.isArray(value)) return value.map((one) => deployed(one));
  if (typeof value === "string")
    return value.replaceAll(/\$\{([^}"]+)\}/gu, (_, name: string) => standIn(name));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, deployed(one, name)] as const);
  const changed: Record<string, unknown> = Object.fromEntries(entries);
  const { Type: type, Resource: resource } = value as Record<string, unknown>;
  if (
    type === "Task" &&
    typeof resource === "string" &&
    (!resource.startsWith("arn:") || resource.startsWith("${"))
  )
    if (!/^\$\{[^}]*$/u.test(resource)) changed["Resource"] = functionOf(resource);
  return changed;
}

function standIn(name: string): string {
  if (/partition/iu.test(name)) return "aws";
  if (/region/iu.test(name)) return "us-east-1";
  return /account/iu.test(name) ? "000000000000" : name.replaceAll(/[^A-Za-z0-9]/gu, "");
}

function functionOf(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name.replaceAll(/[^A-Za-z0-9]/gu, "").slice(0, 50)}`;
}

describe.skipIf(!there && !ci)("published definitions", () => {
  const read = (): Published[] =>
    (JSON.parse(readFileSync(resolve(folder, "definitions.json"), "utf8")) as { definitions: Published[] })
      .definitions;

  it("are accepted or refused as their suites say", () => {
    const wrong: string[] = [];
    const used = new Set<string>();
    for (const { suite, file, definition, text, expect: wanted } of read()) {
      const given = text ?? JSON.stringify(deployed(definition));
      const { machine, diagnostics } = checkDefinition(given);
      if (wanted === "unstated" || (machine === undefined ? "invalid" : "valid") === wanted) continue;
      const known = Object.keys(differences).find((name) => file.endsWith(name));
      if (known === undefined) wrong.push(`${suite} ${file}: ${invalidDefinition(diagnostics)}`);
      else used.add(known);
    }
    expect(wrong).toEqual([]);
    expect([...used].toSorted()).toEqual(Object.keys(differences).toSorted());
  });
});

interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly expected: unknown;
}
interface Step {
  readonly op: string;
  readonly error?: boolean;
  readonly params?: { readonly definition?: unknown; readonly type?: "STANDARD" | "EXPRESS" };
}

/** The definition as it is sent: references to earlier answers are ARNs. */
function sent(definition: string): string {
  return definition
    .replaceAll(/\$\{s\d+\.[^}]*\}/gu, "arn:aws:states:us-east-1:000000000000:activity:one")
    .replaceAll("${uid}", "abc");
}

describe.skipIf(!there && !ci)("recorded cases", () => {
  const cases = (): Case[] =>
    (JSON.parse(readFileSync(resolve(folder, "cases.json"), "utf8")) as { cases: Case[] }).cases;

  const steps = (...ops: string[]): { name: string; expected: string; step: Step; definition: string }[] =>
    cases().flatMap(({ name, steps: all, expected }) =>
      all.flatMap((step) => {
        const { definition } = step.params ?? {};
        if (!ops.includes(step.op) || typeof definition !== "string") return [];
        return [{ name, step, definition, expected: JSON.stringify(expected) }];
      }),
    );

  it("create what AWS creates, and refuse the rest in AWS's words", () => {
    const wrong: string[] = [];
    const all = steps("CreateStateMachine", "UpdateStateMachine");
    for (const { name, step, expected, definition } of all) {
      const { machine, diagnostics } = checkDefinition(sent(definition), { type: step.params?.type });
      const message = invalidDefinition(diagnostics, definition);
      const refused = step.error === true && expected.includes("InvalidDefinition");
      if (refused !== (machine === undefined)) wrong.push(`${name}: ${message}`);
      else if (refused && !expected.includes(JSON.stringify(message).slice(1, -1)))
        wrong.push(`${name}: ${message}`);
    }
    expect(all.length).toBeGreaterThan(500);
    expect(wrong).toEqual([]);
  });

  it("validate with AWS's diagnostics", () => {
    const all = steps("ValidateStateMachineDefinition");
    expect(all.length).toBeGreaterThan(4);
    for (const { step, expected, definition } of all) {
      const { diagnostics } = checkDefinition(definition, { type: step.params?.type });
      const { validation_response: answer } = JSON.parse(expected) as { validation_response: object };
      const shown = diagnostics.map(({ code, severity, message, pointer }) =>
        pointer === "" ? { code, severity, message } : { code, severity, message, location: pointer },
      );
      expect(answer).toMatchObject({ diagnostics: shown });
    }
  });

  it("take the single states that TestState takes", () => {
    const wrong: string[] = [];
    for (const { name, step, expected, definition } of steps("TestState")) {
      const text = sent(definition);
      if (text.includes('"States"') && text.includes('"StartAt"') && !/^\s*\{\s*"Type"/u.test(text)) continue;
      const { machine, diagnostics } = checkStateAlone(text);
      const message = invalidDefinition(diagnostics);
      const refused = step.error === true && expected.includes("SCHEMA_VALIDATION_FAILED");
      if (refused !== (machine === undefined)) wrong.push(`${name}: ${message}`);
      else if (refused && !expected.includes(JSON.stringify(message).slice(1, -1)))
        wrong.push(`${name}: ${message}`);
    }
    expect(wrong).toEqual([]);
  });
});
