/** Telling people outside of the engine, when turns may be under way. */
import type { Defer } from "../core/ports.ts";
import type { Receipt } from "./delivery.ts";

/** `tell`, a macrotask later: what it sets going must not be among the microtasks of a turn, because a turn that is cut off takes them with it (watch.ts). */
export function later<Args extends unknown[]>(
  defer: Defer,
  tell: (...args: Args) => void,
): (...args: Args) => void {
  return (...args) => defer(() => tell(...args));
}

/** A receipt whose first word counts, also if that is told later: the commit that takes a refused message out of the inbox does not accept it. */
export function firstWord(accept: () => void, refuse: (error: Error) => void): Receipt {
  let said = false;
  const say = (tell: () => void): void => {
    if (said) return;
    said = true;
    tell();
  };
  return { accept: () => say(accept), refuse: (error) => say(() => refuse(error)) };
}
