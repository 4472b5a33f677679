/**
 * Rejections that nobody handles: those of workflow code end neither the process nor other runs, they are reported; those from elsewhere are Node's matter.
 *
 * Node announces a rejection in the async context in which it happened, and asks by `process.emit` whether anybody cares. The answer is given there, and not
 * by a listener, because a listener of ours would change what Node does with all other rejections.
 */
import { running } from "./guarded-code.ts";
import { replace } from "./replace.ts";
import type { Callable } from "./replace.ts";

function answering(original: Callable): Callable {
  return function (this: unknown, ...args: unknown[]): unknown {
    const [event, reason] = args;
    const code = event === "unhandledRejection" ? running() : undefined;
    if (code === undefined) return Reflect.apply(original, this, args as never[]);
    code.rejected(reason);
    return true;
  };
}

/** What fails in a microtask of workflow code fails like a promise of it. */
function asPromise(original: Callable): Callable {
  return function (this: unknown, ...args: unknown[]): unknown {
    const [work] = args;
    if (typeof work !== "function" || running() === undefined)
      return Reflect.apply(original, this, args as never[]);
    void Promise.resolve().then(() => void Reflect.apply(work as Callable, undefined, []));
    return undefined;
  };
}

/** Takes care of rejections of workflow code. */
export function guardRejections(): void {
  // It is inherited; the guard becomes a method of `process` itself.
  if (!Object.hasOwn(process, "emit"))
    Object.defineProperty(process, "emit", {
      // oxlint-disable-next-line typescript/unbound-method
      value: process.emit,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  replace(process, "emit", answering);
  replace(globalThis, "queueMicrotask", asPromise);
}
