/**
 * Checks a state machine, a branch of a Parallel state or the processor of a Map state: its states, and how they are linked.
 *
 * Machines inside of machines are put on the list of the whole check instead of being checked at once, so the outer names come first and nothing recurses.
 */
import { isObject } from "../json.ts";
import { checkFields, field, required } from "./fields.ts";
import { checkLinks } from "./links.ts";
import { checkStateName } from "./names.ts";
import type { InnerMachine, Place } from "./place.ts";
import { checkState } from "./state.ts";
import * as values from "./values.ts";
import { assignedIn } from "./variables.ts";

/** Checks the machine at a place. */
export function checkMachine({ value, at: outside, fields }: InnerMachine): void {
  const states = isObject(value) ? value["States"] : undefined;
  const { outer } = outside.around;
  const scope = isObject(states) ? new Set([...outer, ...assignedIn(states)]) : outer;
  const at = outside.with({ scope, language: outside.rules.machineLanguage, catching: false });
  const machine = checkFields(value, at, {
    States: required(checkStates),
    StartAt: required(values.text),
    Comment: field(values.text),
    ...fields,
  });
  if (machine !== undefined && isObject(states)) checkLinks(machine, states, at);
}

function checkStates(value: unknown, at: Place): void {
  if (!isObject(value)) return at.error("Expected value of type [OBJECT]");
  const entries = Object.entries(value);
  if (entries.length === 0) return at.error("Value cannot be empty");
  for (const [name, state] of entries) {
    checkStateName(name, at.field(name));
    checkState(state, at.field(name));
  }
}
