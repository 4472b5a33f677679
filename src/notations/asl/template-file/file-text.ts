/**
 * Reads files with state machines in them: JSON, and YAML with the short forms of CloudFormation (`!Sub`, `!GetAtt X.Arn`).
 *
 * Invariants: every value keeps its line and column; aliases are followed, but what they unfold to is bounded; a file that cannot be read gives a problem,
 * never an exception.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, Node, YAMLMap } from "yaml";
import { layoutOf } from "../check/json-text.ts";
import { Lines } from "../check/lines.ts";
import { isObject, valueOf } from "../json.ts";
import type { Json } from "../json.ts";

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file's value, and where each part of it stands (places are named as in diagnostics: `/Resources/X/Items[0]`). */
export interface FileText {
  readonly value: Json;
  readonly position: (place: string) => Position | undefined;
  /** Why the file has no value. */
  readonly problem?: (Position & { readonly message: string }) | undefined;
}

/** Reads a text: as JSON if it looks like it, else as YAML. */
export function readFileText(text: string): FileText {
  return /^\s*[{[]/u.test(text) ? readJson(text) : readYaml(text);
}

function readJson(text: string): FileText {
  const { offsets, problem } = layoutOf(text);
  const lines = new Lines(text);
  const position = (place: string): Position | undefined => {
    const offset = offsets.get(place);
    return offset === undefined ? undefined : lines.at(offset);
  };
  // YAML has objects in braces too.
  if (problem !== undefined && !/^\s*\{\s*"/u.test(text)) return readYaml(text);
  return problem === undefined ? { value: valueOf(text), position } : { value: null, position, problem };
}

function readYaml(text: string): FileText {
  const counter = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: "error" });
    const [error] = document.errors;
    if (error !== undefined) return broken(error.message, counter.linePos(error.pos[0]));
    const walk = new Walk(document, counter);
    const value = walk.value(document.contents, "");
    return { value, position: (place) => walk.positions.get(place) };
  } catch (error) {
    // Nested too deeply for the parser, or unfolding to too much.
    const message = error instanceof TooMuch ? error.message : "The file nests too deeply.";
    return broken(message, { line: 1, col: 1 });
  }
}

function broken(message: string, { line, col }: { line: number; col: number }): FileText {
  const problem = { message, line: Math.max(line, 1), column: Math.max(col, 1) };
  return { value: null, position: () => undefined, problem };
}

/** Thrown and caught in this file only. */
class TooMuch extends Error {}

const mostNodes = 200_000;

class Walk {
  readonly positions: Map<string, Position> = new Map();
  readonly #document: Document;
  readonly #counter: LineCounter;
  #nodes = 0;

  constructor(document: Document, counter: LineCounter) {
    this.#document = document;
    this.#counter = counter;
  }

  value(node: unknown, place: string): Json {
    if (++this.#nodes > mostNodes) throw new TooMuch(`The file unfolds to more than ${mostNodes} values.`);
    if (isAlias(node)) return this.value(node.resolve(this.#document), place);
    this.#keep(place, node as Node | null);
    if (isMap(node)) return tagged(node.tag, this.#map(node, place));
    if (isSeq(node))
      return tagged(
        node.tag,
        node.items.map((item, index) => this.value(item, `${place}[${index}]`)),
      );
    return isScalar(node) ? tagged(node.tag, scalarOf(node.value)) : null;
  }

  #map(node: YAMLMap, place: string): Json {
    const merged: Record<string, Json>[] = [];
    const fields: [string, Json][] = [];
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      const inner = `${place}/${name}`;
      this.#keep(inner, key as Node);
      const found = this.value(value, inner);
      if (name === "<<" && isObject(found)) merged.push({ ...found });
      else fields.push([name, found]);
    }
    return Object.fromEntries([...merged.flatMap((one) => Object.entries(one)), ...fields]);
  }

  #keep(place: string, node: Node | null): void {
    const offset = node?.range?.[0];
    if (offset === undefined || this.positions.has(place)) return;
    const { line, col } = this.#counter.linePos(offset);
    this.positions.set(place, { line, column: col });
  }
}

function scalarOf(value: unknown): Json {
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  return typeof value === "bigint" ? Number(value) : null;
}

/** The long form of a short one: `!Sub text` is `{"Fn::Sub": text}`. */
function tagged(tag: string | undefined, value: Json): Json {
  if (tag === undefined || !/^![A-Za-z]/u.test(tag)) return value;
  const name = tag.slice(1);
  if (name === "Ref" || name === "Condition") return { [name]: value };
  if (name !== "GetAtt" || typeof value !== "string") return { [`Fn::${name}`]: value };
  const dot = value.indexOf(".");
  return { "Fn::GetAtt": dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
}
