/** Calls that workflow code may not make. */
import { caller } from "./caller.ts";
import { running } from "./guarded-code.ts";
import type { GuardedCode } from "./guarded-code.ts";
import { construct } from "./replace.ts";
import type { Callable, Guarding } from "./replace.ts";

/** A name, and what to do instead. */
export interface Prohibition {
  readonly call: string;
  readonly fix: string;
}

/** Throws if it is the workflow code itself that calls, and not Node on its behalf. @throws ForbiddenCallError */
function refuse(code: GuardedCode, { call, fix }: Prohibition): void {
  const { node, site } = caller();
  if (!node) throw code.forbid({ call, fix, site });
}

/** Throws if it is workflow code that has called. @throws ForbiddenCallError */
export function refuseHere(prohibition: Prohibition): void {
  const code = running();
  if (code !== undefined) refuse(code, prohibition);
}

/** A function or class that is out of reach for workflow code. */
export function forbidding(prohibition: Prohibition): Guarding {
  return (original: Callable) =>
    function (this: unknown, ...args: unknown[]): unknown {
      refuseHere(prohibition);
      const newTarget = new.target as Callable | undefined;
      // Calls are many (the statements of a database, say), constructions few.
      if (newTarget === undefined) return Reflect.apply(original, this, args as never[]);
      return construct(original, args, newTarget);
    };
}

/** The methods of something of our own that workflow code has no business with. */
export function outsideOnly<T extends object>(
  object: T,
  prohibitions: Readonly<Partial<Record<keyof T, Prohibition>>>,
): T {
  const guarded = { ...object };
  for (const [name, prohibition] of Object.entries<Prohibition>(
    prohibitions as Record<string, Prohibition>,
  )) {
    const method = Reflect.get(object, name) as Callable;
    Reflect.set(guarded, name, (...args: unknown[]): unknown => {
      refuseHere(prohibition);
      return Reflect.apply(method, object, args as never[]);
    });
  }
  return guarded;
}
