/** What a simulation finds: an invariant of the design, by number, that does not hold. */

/** The invariants of the design, and rules that it states without a number. */
export type Invariant =
  | "H1"
  | "H2"
  | "H3"
  | "D1"
  | "D2"
  | "D3"
  | "D4"
  | "L1"
  | "L2"
  | "T1"
  | "S1"
  | "C1"
  | "P1"
  | "B1"
  /** "Pause stops new turns and new attempts." */
  | "pause"
  /** A run ends with a result that its workflow cannot have. */
  | "result"
  /** An engine declares its store unusable although it is not. */
  | "fatal";

export class Violation extends Error {
  readonly invariant: Invariant;

  constructor(invariant: Invariant, message: string) {
    super(`${invariant}: ${message}`);
    this.name = "Violation";
    this.invariant = invariant;
  }
}

/** Collects what is found; the first finding ends the simulation. */
export class Findings {
  first: Violation | undefined;

  /** `message` is only called if it is needed. */
  check(holds: boolean, invariant: Invariant, message: () => string): void {
    if (!holds) this.first ??= new Violation(invariant, message());
  }

  add(invariant: Invariant, message: string): void {
    this.first ??= new Violation(invariant, message);
  }

  /** @throws Violation if there is one */
  raise(): void {
    if (this.first !== undefined) throw this.first;
  }
}
