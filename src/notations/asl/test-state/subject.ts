/** The state under test: the only one of its definition, or the one with a name in a whole machine, however deep inside. */
import { invalidDefinition } from "../check/aws-message.ts";
import { checkDefinition, checkStateAlone } from "../check/check.ts";
import type { Checked } from "../check/check.ts";
import type { Machine, QueryLanguage, State } from "../model.ts";
import { TestStateError, invalid } from "./refusal.ts";
import type { TestRequest } from "./request.ts";

export interface Subject {
  readonly name: string;
  readonly state: State;
  /** The machine whose state it is. */
  readonly machine: Machine;
  /** Of the levels around. */
  readonly language: QueryLanguage;
}

/** The name that AWS gives to a state that stands alone. */
const aloneName = "StateName";

/** @throws TestStateError InvalidDefinition; ValidationException if there is no state with this name */
export function subjectOf({ definition, stateName }: TestRequest, awsLimits: boolean): Subject {
  const check = stateName === undefined ? checkStateAlone : checkDefinition;
  const machine = checked(check(definition, { awsLimits }), definition);
  const found = find(machine, stateName ?? aloneName, "JSONPath");
  if (found === undefined) throw invalid("State not found in definition");
  return found;
}

function checked({ diagnostics, machine }: Checked, definition: string): Machine {
  if (machine !== undefined) return machine;
  throw new TestStateError("InvalidDefinition", invalidDefinition(diagnostics, definition));
}

/** Names are unique in the whole machine, so the first one found is the one. */
function find(machine: Machine, name: string, around: QueryLanguage): Subject | undefined {
  const language = machine.QueryLanguage ?? around;
  const state = Object.hasOwn(machine.States, name) ? machine.States[name] : undefined;
  if (state !== undefined) return { name, state, machine, language };
  for (const outer of Object.values(machine.States))
    for (const inner of machinesIn(outer)) {
      const found = find(inner, name, language);
      if (found !== undefined) return found;
    }
  return undefined;
}

function machinesIn(state: State): readonly Machine[] {
  if (state.Type === "Parallel") return state.Branches;
  if (state.Type !== "Map") return [];
  const processor = state.ItemProcessor ?? state.Iterator;
  return processor === undefined ? [] : [processor];
}
