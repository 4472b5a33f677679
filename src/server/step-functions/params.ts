/** The parameters of a request, as {@link readFields} reads them: fields have the types of their shapes, or are absent. */
import type { Values } from "./shape.ts";

export class Params {
  readonly values: Values;

  constructor(values: Values) {
    this.values = values;
  }

  /** A text that must be there. */
  text(name: string): string {
    return this.optional(name) ?? "";
  }

  optional(name: string): string | undefined {
    return this.#field(name) as string | undefined;
  }

  number(name: string): number | undefined {
    return this.#field(name) as number | undefined;
  }

  flag(name: string): boolean | undefined {
    return this.#field(name) as boolean | undefined;
  }

  object(name: string): Values | undefined {
    return this.#field(name) as Values | undefined;
  }

  list(name: string): readonly unknown[] | undefined {
    return this.#field(name) as readonly unknown[] | undefined;
  }

  has(name: string): boolean {
    return this.#field(name) !== undefined;
  }

  #field(name: string): unknown {
    return this.values[name];
  }
}

/** How many results a page has: 0 means what is usual (100). */
export function pageSize(params: Params): number {
  const asked = params.number("maxResults") ?? 0;
  return asked === 0 ? 100 : asked;
}
