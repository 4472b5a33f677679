/**
 * The determinism guard: inside workflow code, and only there, clocks and random sources give recorded and seeded values, and what cannot be replayed is refused.
 *
 * Invariants:
 * - Outside of workflow code everything is as it was, at the cost of one look at the async context.
 * - Installing twice changes nothing; several copies of Daruma share one guard.
 * What it cannot see is listed in docs/adr/0002-determinism-guard.md.
 */
import { syncBuiltinESMExports } from "node:module";
import { guardClocks } from "./clock.ts";
import { guardConsole } from "./console.ts";
import { forbidding } from "./forbid.ts";
import { register } from "./guarded-code.ts";
import type { Lookup } from "./guarded-code.ts";
import { groups } from "./prohibitions.ts";
import type { Group } from "./prohibitions.ts";
import { guardRandomness } from "./randomness.ts";
import { guardRejections } from "./rejections.ts";
import { replace } from "./replace.ts";

/** Guards this process. `lookup` finds the workflow code of this copy of Daruma. */
export function installGuard(lookup: Lookup): void {
  register(lookup);
  guardClocks();
  guardRandomness();
  guardConsole();
  guardRejections();
  for (const group of groups) guardGroup(group);
  // Modules that were imported by name see the guards too.
  syncBuiltinESMExports();
}

function guardGroup({ target, label, names, fix }: Group): void {
  const object = target();
  if (object === undefined) return;
  for (const name of names ?? functionsOf(object))
    replace(object, name, forbidding({ call: label + name, fix }));
}

/** Its functions that are no classes, constants or internals. */
function functionsOf(object: object): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(object))
    .filter(
      ([name, { value }]) => typeof value === "function" && /^[a-z]/.test(name) && name !== "constructor",
    )
    .map(([name]) => name);
}
