/** What a Map state works on: its items, what is made of each, and how many at once. */
import type { Json } from "../../json.ts";
import { textOf } from "../../json.ts";
import { expressionIn } from "../../jsonata/expression.ts";
import { typeProblem } from "../../jsonata/failure.ts";
import type { MapState } from "../../model.ts";
import { StatesError } from "../../states-error.ts";
import type { StateRun } from "../state-run.ts";

/** The input of the state for JSONPath: after InputPath. */
export function mapInput(run: StateRun<MapState>): Json {
  return run.effectiveInput();
}

/** @throws StatesError when they are no array */
export async function itemsOf(run: StateRun<MapState>, input: Json): Promise<readonly Json[]> {
  const { Items, ItemsPath } = run.state;
  if (run.isJsonata) return await evaluatedItems(run, Items);
  const items = ItemsPath === undefined ? input : run.at(ItemsPath, "ItemsPath", input);
  if (Array.isArray(items)) {
    run.inspect("afterItemsPath", items);
    return items;
  }
  throw new StatesError("States.Runtime", {
    // A path into the context object is named without its first `$`.
    cause: `Reference path "${(ItemsPath ?? "$").replace(/^\$\$/, "$")}" must point to array.`,
  });
}

async function evaluatedItems(run: StateRun<MapState>, given: MapState["Items"]): Promise<readonly Json[]> {
  const items = given === undefined ? run.input : await run.evaluate(given, "Items");
  if (Array.isArray(items)) return items;
  if (typeof given === "string")
    throw typeProblem(expressionIn(given) ?? given, "Items", { expected: "array", value: items });
  throw new StatesError("States.QueryEvaluationError", {
    cause: `Map state input must be an array but was: ${textOf(items)}`,
    location: "",
    inState: true,
  });
}

interface ItemOptions {
  readonly index: number;
  readonly value: Json;
  readonly input: Json;
}

/** The input of one iteration: the item itself, or what ItemSelector (before: Parameters) makes of it. */
export function itemOf(run: StateRun<MapState>, { index, value, input }: ItemOptions): Json | Promise<Json> {
  const { ItemSelector, Parameters } = run.state;
  const selector = ItemSelector ?? Parameters;
  if (selector === undefined) return value;
  const field = ItemSelector === undefined ? "Parameters" : "ItemSelector";
  const around = run.item;
  run.item = { Item: { Index: index, Value: value } };
  try {
    return run.isJsonata ? run.evaluate(selector, field) : run.fill(selector, field, input);
  } finally {
    run.item = around;
  }
}

/** How many at once; 0: as many as the engine likes. */
export async function concurrencyOf(run: StateRun<MapState>, input: Json): Promise<number> {
  const { MaxConcurrency, MaxConcurrencyPath: path } = run.state;
  const value =
    path === undefined
      ? await numberField(run, "MaxConcurrency", MaxConcurrency ?? 0)
      : wholeNumber(run.at(path, "MaxConcurrencyPath", input), { field: "MaxConcurrencyPath", path });
  run.inspect("maxConcurrency", value);
  if (value >= 0) return value;
  throw new StatesError("States.Runtime", { cause: "MaxConcurrency cannot be negative.", inState: true });
}

/** A number, or the number that an expression gives. */
export async function numberField(
  run: StateRun<MapState>,
  field: string,
  given: number | string,
): Promise<number> {
  if (typeof given === "number") return given;
  const value = await run.evaluate(given, field);
  if (typeof value === "number") return value;
  throw typeProblem(expressionIn(given) ?? given, field, { expected: "number", value });
}

interface Where {
  readonly field: string;
  readonly path: string;
}

/** A whole number, or a text that is one. */
export function wholeNumber(value: Json, { field, path }: Where): number {
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number)) return number;
  throw notA("integer", { value, field, path });
}

export function notA(
  what: "integer" | "float",
  { value, field, path }: Where & { readonly value: Json },
): StatesError {
  const shown = typeof value === "string" ? value : textOf(value);
  return new StatesError("States.Runtime", {
    cause: `The ${field} field refers to value "${shown}" which is not a valid ${what}: ${path}`,
    inState: true,
  });
}
