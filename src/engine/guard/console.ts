/** `console` in workflow code: what a run has said once it does not say again when it is replayed. */
import { running } from "./guarded-code.ts";
import { replace } from "./replace.ts";
import type { Callable } from "./replace.ts";

function quietInReplay(original: Callable): Callable {
  return function (this: unknown, ...args: unknown[]): unknown {
    if (running()?.replaying === true) return undefined;
    return Reflect.apply(original, this, args as never[]);
  };
}

/** Guards the methods of the global console. */
export function guardConsole(): void {
  for (const name of Object.keys(console)) replace(console, name, quietInReplay);
}
