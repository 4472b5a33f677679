/** Where a check stands in a definition, and what holds there. */
import type { QueryLanguage } from "../model.ts";
import type { Fields } from "./fields.ts";
import type { DiagnosticCode, Report } from "./report.ts";

/** What holds in the whole machine. */
export interface Rules {
  readonly report: Report;
  readonly machineLanguage: QueryLanguage;
  readonly awsLimits: boolean;
  /** There is one state only: where it goes on is not looked at. */
  readonly single: boolean;
  /** Names of all states and labels so far: they are unique in the whole machine. */
  readonly names: Set<string>;
  readonly labels: Set<string>;
  /** Machines inside of states that are still to be checked. */
  readonly inner: InnerMachine[];
}

/** A branch or a processor. */
export interface InnerMachine {
  readonly value: unknown;
  readonly at: Place;
  /** Fields beside those of every machine. */
  readonly fields: Fields;
}

interface Around {
  /** The query language of the state. */
  readonly language: QueryLanguage;
  /** Inside of an EXPRESS machine (or a Distributed Map whose children are EXPRESS). */
  readonly express: boolean;
  /** Names of variables that outer scopes assign, and those and the ones of this scope. */
  readonly outer: ReadonlySet<string>;
  readonly scope: ReadonlySet<string>;
  /** In a catcher, whose expressions may use `$states.errorOutput`. */
  readonly catching: boolean;
}

/** A place: `/States/Choose/Choices[0]`. */
export class Place {
  readonly rules: Rules;
  readonly path: string;
  readonly around: Around;

  constructor(rules: Rules, path: string, around: Around) {
    this.rules = rules;
    this.path = path;
    this.around = around;
  }

  get language(): QueryLanguage {
    return this.around.language;
  }

  /** A field of the object here. */
  field(name: string): Place {
    return new Place(this.rules, `${this.path}/${name}`, this.around);
  }

  /** An item of the array here. */
  item(index: number): Place {
    return new Place(this.rules, `${this.path}[${index}]`, this.around);
  }

  with(changed: Partial<Around>): Place {
    return new Place(this.rules, this.path, { ...this.around, ...changed });
  }

  /** An error here. */
  error(message: string, code: DiagnosticCode = "SCHEMA_VALIDATION_FAILED"): void {
    this.rules.report.add({ code, message, pointer: this.path === "" ? "/" : this.path });
  }

  /** An error that AWS locates at an outer place. */
  errorAt(pointer: string, message: string): void {
    this.rules.report.add({ code: "SCHEMA_VALIDATION_FAILED", message, pointer, at: this.path });
  }

  warn(code: DiagnosticCode, message: string): void {
    this.rules.report.add({ code, message, pointer: this.path, severity: "WARNING" });
  }
}
