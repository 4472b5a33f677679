/** Telling people outside of the engine, when turns may be under way. */
import type { Defer } from "../core/ports.ts";

/** `tell`, a macrotask later: what it sets going must not be among the microtasks of a turn, because a turn that is cut off takes them with it (watch.ts). */
export function later<Args extends unknown[]>(
  defer: Defer,
  tell: (...args: Args) => void,
): (...args: Args) => void {
  return (...args) => defer(() => tell(...args));
}
