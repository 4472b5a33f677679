/**
 * Checks the definition of a state machine: everything that the Amazon States Language specification and AWS ask of it, in AWS's words where they are known.
 *
 * Invariants: a definition that AWS accepts is accepted; nothing here evaluates anything; the depth, the size and the number of findings are bounded, so a
 * hostile text costs no more than its size.
 */
import { isObject, valueOf } from "../json.ts";
import type { JsonObject } from "../json.ts";
import type { Machine, QueryLanguage } from "../model.ts";
import { field } from "./fields.ts";
import { layoutOf } from "./json-text.ts";
import type { JsonLayout } from "./json-text.ts";
import { Lines } from "./lines.ts";
import { checkMachine } from "./machine.ts";
import { Place } from "./place.ts";
import type { Rules } from "./place.ts";
import { readMachine } from "./read.ts";
import { Report } from "./report.ts";
import type { Diagnostic, Finding, Positions } from "./report.ts";
import * as values from "./values.ts";

export type { Diagnostic } from "./report.ts";

export interface CheckOptions {
  /** EXPRESS forbids some patterns. Default: STANDARD. */
  readonly type?: "STANDARD" | "EXPRESS" | undefined;
  /** False: AWS's limits of size and length do not hold. */
  readonly awsLimits?: boolean | undefined;
  /** Where places stand, if the text was made from another one (YAML, a template). Default: in the text. */
  readonly position?: Positions | undefined;
}

export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined if there is an error. */
  readonly machine?: Machine | undefined;
}

/** Characters of a definition that CreateStateMachine takes. */
const longestDefinition = 1_048_576;

/** Checks the JSON text of a definition. */
export function checkDefinition(text: string, options: CheckOptions = {}): Checked {
  return check(text, options, (value) => ({ ...readMachine(value), single: false }));
}

/** The name that AWS gives to a state that stands alone. */
const aloneName = "StateName";

/** Checks the JSON text of one state, as TestState takes it: where it goes on is not looked at. The machine has it as `StateName`. */
export function checkStateAlone(text: string, options: CheckOptions = {}): Checked {
  return check(text, { position: () => undefined, ...options }, (state) => ({
    machine: { StartAt: aloneName, States: { [aloneName]: state } },
    single: true,
  }));
}

interface Subject {
  readonly machine: JsonObject;
  readonly single: boolean;
  readonly misplacedLanguage?: boolean;
}

function check(text: string, options: CheckOptions, subjectOf: (value: JsonObject) => Subject): Checked {
  const refused = refusal(text, options);
  if (refused !== undefined) return { diagnostics: [refused] };
  const layout = layoutOf(text);
  if (layout.problem !== undefined) return { diagnostics: [noJson(layout.problem)] };
  const value = valueOf(text);
  if (!isObject(value)) return { diagnostics: [noObject] };
  const report = new Report(options.position ?? positionsIn(text, layout));
  const subject = subjectOf(value);
  if (subject.misplacedLanguage === true) report.add(misplaced);
  checkWhole(subject, report, options);
  warnOfDuplicates(layout, report);
  const { diagnostics } = report;
  const failed = diagnostics.some(({ severity }) => severity === "ERROR");
  return failed ? { diagnostics } : { diagnostics, machine: subject.machine as unknown as Machine };
}

function positionsIn(text: string, layout: JsonLayout): Positions {
  const lines = new Lines(text);
  return (place) => {
    const offset = layout.offsets.get(place);
    return offset === undefined ? undefined : lines.at(offset);
  };
}

const noObject: Diagnostic = {
  code: "SCHEMA_VALIDATION_FAILED",
  severity: "ERROR",
  message: "Definition must be a valid JSON object",
  pointer: "",
  line: 1,
  column: 1,
};

const misplaced: Finding = {
  code: "MISPLACED_QUERY_LANGUAGE",
  severity: "WARNING",
  message:
    "QueryLanguage stands among the states and is taken as the machine's: move it to the top level, AWS may refuse it here",
  pointer: "/States/QueryLanguage",
};

function refusal(text: string, { awsLimits = true }: CheckOptions): Diagnostic | undefined {
  if (text.trim() === "") return noObject;
  if (!awsLimits || text.length <= longestDefinition) return undefined;
  return { ...noObject, message: `The definition is longer than ${longestDefinition} characters` };
}

function noJson(problem: NonNullable<JsonLayout["problem"]>): Diagnostic {
  const { message, source, line, column } = problem;
  return {
    code: "INVALID_JSON_DESCRIPTION",
    severity: "ERROR",
    message: `${message}\n at ${source}`,
    pointer: source,
    line,
    column,
  };
}

function checkWhole({ machine, single }: Subject, report: Report, options: CheckOptions): void {
  const given = machine["QueryLanguage"];
  const machineLanguage: QueryLanguage = given === undefined || given === "JSONPath" ? "JSONPath" : "JSONata";
  const rules: Rules = {
    report,
    machineLanguage,
    single,
    awsLimits: options.awsLimits ?? true,
    names: new Set<string>(),
    labels: new Set<string>(),
    inner: [],
  };
  const nothing = new Set<string>();
  const at = new Place(rules, "", {
    language: machineLanguage,
    express: options.type === "EXPRESS",
    outer: nothing,
    scope: nothing,
    catching: false,
  });
  rules.inner.push({ value: machine, at, fields: ofWhole });
  for (let next = rules.inner.shift(); next !== undefined; next = rules.inner.shift()) checkMachine(next);
}

/** Fields that only the whole machine has. */
const ofWhole = {
  QueryLanguage: field(values.oneOf("JSONPath", "JSONata")),
  TimeoutSeconds: field(values.number({ min: 0, max: 99_999_999 })),
  Version: field(values.oneOf("1.0")),
};

/** JSON allows a key twice, and the last one counts; that is hardly ever meant. A state that is there twice is an error. */
function warnOfDuplicates(layout: JsonLayout, report: Report): void {
  for (const { place, key, parent } of layout.duplicates) {
    const state = parent === "/States" || parent.endsWith("/States");
    report.add(
      state
        ? { code: "DUPLICATE_STATE_NAME", message: `Duplicate State name: ${key}`, pointer: place }
        : {
            code: "DUPLICATE_KEY",
            message: `The field '${key}' is there twice: the last one counts`,
            pointer: place,
            severity: "WARNING",
          },
    );
  }
}
