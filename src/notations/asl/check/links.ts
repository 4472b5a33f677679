/** Checks how the states of a machine are linked: every target exists, every state is reached, and there is a last one. */
import { isObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Place } from "./place.ts";

interface Link {
  readonly target: string;
  readonly at: Place;
}

/** Checks `StartAt`, `Next`, `Default` and the `Next` of rules and catchers. */
export function checkLinks(machine: JsonObject, states: JsonObject, at: Place): void {
  if (at.rules.single && at.path === "") return;
  const start: Link[] = linkOf(machine["StartAt"], at.field("StartAt"));
  const links = new Map<string, readonly Link[]>();
  for (const [name, state] of Object.entries(states))
    links.set(name, isObject(state) ? linksOf(state, at.field("States").field(name)) : []);
  for (const link of [...start, ...[...links.values()].flat()])
    if (!links.has(link.target))
      link.at.error(`Missing 'Next' target: ${link.target}`, "MISSING_TRANSITION_TARGET");
  // AWS asks for a last state of the whole machine only, names no place, and then says nothing about states that are not reached.
  if (at.path === "" && links.size > 0 && !Object.values(states).some(isLast))
    return at.rules.report.add({
      code: "MISSING_END_STATE",
      message: "Workflow has no terminal state",
      pointer: "",
    });
  const reached = reachedFrom(start, links);
  for (const name of links.keys())
    if (!reached.has(name))
      at.field("States").field(name).error(`State "${name}" is not reachable.`, "MISSING_TRANSITION_TARGET");
}

function isLast(state: Json): boolean {
  return (
    isObject(state) && (state["End"] === true || state["Type"] === "Succeed" || state["Type"] === "Fail")
  );
}

function reachedFrom(start: readonly Link[], links: ReadonlyMap<string, readonly Link[]>): Set<string> {
  const reached = new Set<string>();
  const pending = [...start];
  for (let link = pending.pop(); link !== undefined; link = pending.pop()) {
    if (reached.has(link.target)) continue;
    reached.add(link.target);
    for (const next of links.get(link.target) ?? []) pending.push(next);
  }
  return reached;
}

function linksOf(state: JsonObject, at: Place): readonly Link[] {
  return [
    ...linkOf(state["Next"], at.field("Next")),
    ...linkOf(state["Default"], at.field("Default")),
    ...linksIn(state["Choices"], at.field("Choices")),
    ...linksIn(state["Catch"], at.field("Catch")),
  ];
}

function linksIn(list: Json | undefined, at: Place): readonly Link[] {
  if (!Array.isArray(list)) return [];
  return (list as readonly Json[]).flatMap((one, index) =>
    isObject(one) ? linkOf(one["Next"], at.item(index).field("Next")) : [],
  );
}

function linkOf(target: Json | undefined, at: Place): Link[] {
  return typeof target === "string" ? [{ target, at }] : [];
}
