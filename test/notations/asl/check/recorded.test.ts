// Definitions that others published, and what AWS answered to those of the recorded cases.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { invalidDefinition } from "../../../../src/notations/asl/check/aws-message.ts";
import { checkDefinition, checkStateAlone } from "../../../../src/notations/asl/check/check.ts";
import { differenceOf, differences, publishedDefinitions, textOf } from "../../../conformance/definitions.ts";

const folder = resolve(import.meta.dirname, "../../../../../shared/asl");
const there = existsSync(resolve(folder, "cases.json"));
const ci = process.env["CI"] === "true";
if (!there && !ci) console.log(`Skipped: the recorded definitions are not there (${folder}).`);

describe.skipIf(!there && !ci)("published definitions", () => {
  it("are accepted or refused as their suites say", () => {
    const wrong: string[] = [];
    const used = new Set<string>();
    for (const published of publishedDefinitions(folder)) {
      const { suite, file, expect: wanted } = published;
      const { machine, diagnostics } = checkDefinition(textOf(published));
      if (wanted === "unstated" || (machine === undefined ? "invalid" : "valid") === wanted) continue;
      const known = differenceOf(published);
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
