/**
 * What actions of AWS's services answer, in a compact notation:
 *
 *     invoke = InvocationResponse
 *     InvocationResponse: StatusCode:number FunctionError Payload:any Tags:{Tag}
 *
 * An action has a shape; a shape has fields, their names with a capital as Step Functions has them. `!`: the field must be there. Types: `string` (also
 * bytes and timestamps; it need not be written), `number`, `boolean`, `any`, `A|B` for a choice (`|A` for one of one), `[T]` for a list, `{T}` for a map,
 * and the name of a shape. `(1..64)` after a type limits the length of a string or list and the value of a number.
 */

export type Shape =
  | { readonly kind: "any" | "boolean" }
  | { readonly kind: "number" | "string"; readonly range: Range }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "list"; readonly of: Shape; readonly range: Range }
  | { readonly kind: "map"; readonly of: Shape }
  | { readonly kind: "object"; readonly name: string };

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly shape: Shape;
}

/** One service. */
export interface ServiceShapes {
  /** The shape of an action's answer. */
  readonly actions: ReadonlyMap<string, string>;
  readonly shapes: ReadonlyMap<string, readonly Field[]>;
}

export function readShapes(text: string): ServiceShapes {
  const actions = new Map<string, string>();
  const shapes = new Map<string, readonly Field[]>();
  // A line that begins with spaces goes on with the one before it.
  for (const line of text.trim().replaceAll(/\n +/g, " ").split("\n")) {
    const [, action, answer] = /^(\w+) = (\w+)$/.exec(line) ?? [];
    if (action !== undefined && answer !== undefined) actions.set(action, answer);
    else {
      const [name = "", ...fields] = line.split(" ");
      shapes.set(name.slice(0, -1), fields.filter((field) => field !== "").map(fieldOf));
    }
  }
  return { actions, shapes };
}

function fieldOf(text: string): Field {
  const [, name = "", mark, type = "string"] = /^(\w+)(!?)(?::(.+))?$/.exec(text) ?? [];
  return { name, required: mark === "!", shape: shapeOf(type) };
}

function shapeOf(text: string): Shape {
  const [, type = text, limits] = /^(.+?)(?:\((\d*\.\.\d*)\))?$/.exec(text) ?? [];
  const range = rangeOf(limits);
  if (type.startsWith("[")) return { kind: "list", of: shapeOf(type.slice(1, -1)), range };
  if (type.startsWith("{")) return { kind: "map", of: shapeOf(type.slice(1, -1)) };
  if (type.includes("|")) return { kind: "choice", values: type.split("|").filter((value) => value !== "") };
  if (type === "number" || type === "string") return { kind: type, range };
  if (type === "any" || type === "boolean") return { kind: type };
  return { kind: "object", name: type };
}

function rangeOf(limits = ".."): Range {
  const [min = "", max = ""] = limits.split("..");
  return { min: min === "" ? -Infinity : Number(min), max: max === "" ? Infinity : Number(max) };
}
