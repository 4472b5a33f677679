/** What intrinsic functions have in common: how they fail, what they need of the world, what they ask of their arguments. */
import { isObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";

/** Why a function has no value. The caller makes a StatesError of it, with the text of the call. */
export class IntrinsicProblem extends Error {
  override readonly name: string = "IntrinsicProblem";
}

/** Chance, as the run records it. */
export interface IntrinsicPorts {
  /** In [0, 1). */
  random(): number;
  uuid(): string;
}

/** A function and how many arguments it takes. */
export interface Intrinsic {
  readonly least: number;
  readonly most: number;
  readonly run: (given: readonly Json[], ports: IntrinsicPorts) => Json;
}

/** The arguments of one call. Each getter refuses another type with the words of AWS. */
export class Arguments {
  readonly #name: string;
  readonly #given: readonly Json[];

  constructor(name: string, given: readonly Json[]) {
    this.#name = name;
    this.#given = given;
  }

  refuse(detail = ""): never {
    throw new IntrinsicProblem(`Invalid arguments in ${this.#name}${detail}`);
  }

  has(at: number): boolean {
    return at < this.#given.length;
  }

  value(at: number): Json {
    return this.#given[at] ?? null;
  }

  list(at: number): readonly Json[] {
    const value = this.value(at);
    return Array.isArray(value) ? (value as readonly Json[]) : this.refuse();
  }

  object(at: number): JsonObject {
    const value = this.value(at);
    return isObject(value) ? value : this.refuse();
  }

  text(at: number): string {
    const value = this.value(at);
    return typeof value === "string" ? value : this.refuse();
  }

  number(at: number): number {
    const value = this.value(at);
    return typeof value === "number" && Number.isFinite(value) ? value : this.refuse();
  }

  /** Without its fraction. */
  whole(at: number): number {
    // `+ 0` makes 0 of -0.
    return Math.trunc(this.number(at)) + 0;
  }
}
