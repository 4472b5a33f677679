// State machines of one state, and what is wrong with them.
import { checkDefinition } from "../../../../src/notations/asl/check/check.ts";
import type { CheckOptions } from "../../../../src/notations/asl/check/check.ts";

export type Fields = Record<string, unknown>;

export const fn = "arn:aws:lambda:us-east-1:000000000000:function:save";
export const end: Fields = { Type: "Succeed" };

/** `CODE message at place` of every error. */
export function errors(given: unknown, options?: CheckOptions): string[] {
  const { diagnostics } = checkDefinition(JSON.stringify(given), options);
  return diagnostics
    .filter(({ severity }) => severity === "ERROR")
    .map(
      ({ code, message, pointer }) =>
        `${code.replace("SCHEMA_VALIDATION_FAILED", "-")} ${message} @${pointer}`,
    );
}

/** A machine of the state A, and what A may go on to. */
export function machine(a: Fields, more: Fields = {}): Fields {
  const next = JSON.stringify(a).includes('"Next":"B"') ? { B: end } : {};
  return { StartAt: "A", States: { A: a, ...next }, ...more };
}

export function ofState(a: Fields, options?: CheckOptions): string[] {
  return errors(machine(a), options);
}

export function ofJsonata(a: Fields): string[] {
  return errors(machine(a, { QueryLanguage: "JSONata" }));
}

export const pass: Fields = { Type: "Pass", End: true };
export const task: Fields = { Type: "Task", Resource: fn, End: true };
export const inner = (name: string, state: Fields = pass): Fields => ({
  StartAt: name,
  States: { [name]: state },
});
export const map: Fields = { Type: "Map", ItemProcessor: inner("I"), End: true };
export const distributed = (more: Fields = {}, execution = "STANDARD"): Fields => ({
  Type: "Map",
  ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: execution }, ...inner("I") },
  End: true,
  ...more,
});
export const choice = (rule: Fields): Fields => ({ Type: "Choice", Choices: [{ Next: "B", ...rule }] });
