/** What a check found, and where it stands. */

/**
 * Codes of AWS (ValidateStateMachineDefinitionDiagnostic in the Step Functions API reference, and what AWS answers beyond that list), and two of our own, for
 * warnings: `DUPLICATE_KEY`, `MISPLACED_QUERY_LANGUAGE`.
 */
export type DiagnosticCode =
  | "DUPLICATE_KEY"
  | "DUPLICATE_LABEL_NAME"
  | "DUPLICATE_STATE_NAME"
  | "INVALID_JSONATA_EXPRESSION"
  | "INVALID_JSON_DESCRIPTION"
  | "INVALID_LABEL_NAME"
  | "INVALID_STATE_NAME"
  | "INVALID_VARIABLE_NAME"
  | "MISPLACED_QUERY_LANGUAGE"
  | "MISSING_DESCRIPTION"
  | "MISSING_END_STATE"
  | "MISSING_TRANSITION_TARGET"
  | "NO_DOLLAR"
  | "PASS_RESULT_IS_STATIC"
  | "RESERVED_VARIABLE_NAME"
  | "SCHEMA_VALIDATION_FAILED"
  | "UNSUPPORTED_JSONATA_EXPRESSION";

export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** An ERROR stops a definition from being used. */
  readonly severity: "ERROR" | "WARNING";
  readonly message: string;
  /**
   * The place as AWS gives it in `location`: `/States/Choose/Choices[0]/Next`, `/` for the machine itself, empty where AWS gives none; for a text that is
   * no JSON, where its reader stopped (`[Source: …; line: 1, column: 4]`).
   */
  readonly pointer: string;
  /** From 1; undefined if the place is not in the text. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export interface Finding {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly pointer: string;
  readonly severity?: Diagnostic["severity"] | undefined;
  /** The place itself, where AWS's location is coarser. */
  readonly at?: string | undefined;
}

/** Where a place stands in the text that a person wrote. */
export type Positions = (place: string) => { readonly line: number; readonly column: number } | undefined;

/** More than anybody reads. */
const mostFindings = 1000;

/** Findings in the order in which they came. */
export class Report {
  readonly #positions: Positions;
  readonly #found: Diagnostic[] = [];

  constructor(positions: Positions) {
    this.#positions = positions;
  }

  add({ code, message, pointer, severity = "ERROR", at = pointer }: Finding): void {
    if (this.#found.length >= mostFindings) return;
    this.#found.push({ code, severity, message, pointer, ...this.#positions(at === "/" ? "" : at) });
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#found;
  }
}
