/**
 * What may come out of a program, whatever the machine does: a set of results, or nothing that can be said.
 * A result is JSON text; an error is its kind after an exclamation mark.
 */
import type { Node, Plan, Program } from "./program.ts";

/** All possible results; undefined: too many to say. */
export type Possible = ReadonlySet<string> | undefined;

const mostResults = 24;

/** What a run of the program completes or fails with, if nobody cancels or ends it. */
export function possibleResults({ generations, raw }: Program): Possible {
  const all = generations.map(possible);
  if (all.includes(undefined)) return undefined;
  const results = new Set(all.at(-1));
  // An error of an earlier generation ends the run there.
  for (const earlier of all.slice(0, -1)) for (const error of errors(earlier)) results.add(error);
  return raw ? small(results) : caught(small(results));
}

function small(results: ReadonlySet<string>): Possible {
  return results.size > mostResults ? undefined : results;
}

function errors(set: Possible): string[] {
  return [...(set ?? [])].filter(isError);
}

function values(set: Possible): string[] {
  return [...(set ?? [])].filter((one) => !isError(one));
}

function isError(result: string): boolean {
  return result.startsWith("!");
}

function possible(node: Node): Possible {
  switch (node.do) {
    case "act":
      return planned(node.plan, JSON.stringify(node.label));
    case "sleep":
      return new Set(['"z"']);
    case "seq":
    case "all":
    case "map":
      return together(node.nodes.map(possible));
    case "race":
      return union(node.nodes.map(possible));
    case "any":
      return firstValue(node.nodes.map(possible));
    case "settled":
      return together(node.nodes.map((inner) => caught(possible(inner))));
    case "some":
      return counts(node.count);
    case "limit":
      return limited(node.node);
    case "shield":
      return possible(node.node);
    case "try":
      return caught(possible(node.node));
    case "receive":
      return timed('"s"', node.ms);
    case "until":
      return timed('"u"', node.ms);
    case "child":
      return child(node);
    case "version":
      return possible(node.node);
  }
}

function planned(plan: Plan, label: string): Possible {
  switch (plan.kind) {
    case "flaky":
      return new Set([plan.failures < plan.attempts ? label : "!act"]);
    case "fatal":
      return new Set(["!fatal"]);
    case "slow":
      return new Set(["!timeout"]);
    case "beat":
      return new Set([label]);
    case "late":
      return new Set(["!act", "!timeout"]);
    case "queued":
      return new Set([label, "!timeout"]);
  }
}

/** All values in order, or any of the errors. */
function together(sets: readonly Possible[]): Possible {
  let lists: string[] | undefined = [""];
  const failed = new Set<string>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const error of errors(set)) failed.add(error);
    lists = lists?.flatMap((list) => values(set).map((value) => (list === "" ? value : `${list},${value}`)));
    if (lists !== undefined && lists.length > mostResults) return undefined;
  }
  return small(new Set([...(lists ?? []).map((list) => `[${list}]`), ...failed]));
}

function union(sets: readonly Possible[]): Possible {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const one of set) all.add(one);
  }
  return small(all);
}

function firstValue(sets: readonly Possible[]): Possible {
  const all = union(sets);
  if (all === undefined) return undefined;
  const canFail = sets.every((set) => errors(set).length > 0);
  return new Set([...values(all), ...(canFail ? ["!any"] : [])]);
}

/** Errors as values: texts. */
function caught(set: Possible): Possible {
  return set === undefined
    ? undefined
    : new Set([...set].map((one) => (isError(one) ? JSON.stringify(one) : one)));
}

function counts(most: number): Possible {
  return new Set(Array.from({ length: most + 1 }, (_, count) => String(count)));
}

function timed(value: string, ms: number | undefined): Possible {
  return new Set(ms === undefined ? [value] : [value, "!timeout"]);
}

/** A block that its limit cuts off may still say what it makes of that, if it catches. */
function limited(node: Node): Possible {
  const inner = possible(node);
  if (inner === undefined || catches(node)) return undefined;
  return small(new Set([...inner, "!timeout"]));
}

function catches(node: Node): boolean {
  if (node.do === "any" || node.do === "settled" || node.do === "some" || node.do === "try") return true;
  if ("nodes" in node) return node.nodes.some(catches);
  return "node" in node && catches(node.node);
}

function hasChild(node: Node): boolean {
  if ("nodes" in node) return node.nodes.some(hasChild);
  return node.do === "child" || ("node" in node && hasChild(node.node));
}

function child(node: Extract<Node, { do: "child" }>): Possible {
  if (node.mode === "leave") return new Set(['"left"']);
  const inner = possibleResults(node.program);
  // What is canceled may still say what it makes of that, if it catches, or if a child of its own tells it.
  const evasive =
    node.mode === "cancel" && node.program.generations.some((one) => catches(one) || hasChild(one));
  if (inner === undefined || evasive) return undefined;
  const results = new Set([...values(inner), ...(errors(inner).length > 0 ? ["!child"] : [])]);
  const disturbed = node.mode === "cancel" || node.id !== undefined || node.timeoutMs !== undefined;
  return disturbed ? small(new Set([...results, "!child"])) : results;
}
