/**
 * The state machines in a file: a definition in JSON or YAML, or the `AWS::StepFunctions::StateMachine` and `AWS::Serverless::StateMachine` resources of a
 * CloudFormation, SAM or synthesised CDK template.
 */
import { isObject, textOf } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { readFileText } from "./file-text.ts";
import type { FileText, Position } from "./file-text.ts";
import { evaluated } from "./intrinsics.ts";
import { filled, withSubstitutions } from "./placeholders.ts";

export interface FoundDefinition {
  /** The resource's logical id, or the file's name. */
  readonly name: string;
  /** The JSON text of the definition. References are stand-ins that carry the logical id. Empty if there is a problem. */
  readonly definition: string;
  readonly type: "STANDARD" | "EXPRESS";
  /** The file that holds it: another one for a `DefinitionUri`. */
  readonly file: string;
  /** Where a place of the definition (`/States/X`) stands in the file. */
  readonly position: (place: string) => Position | undefined;
  /** Why there is no definition. */
  readonly problem?: (Partial<Position> & { readonly message: string }) | undefined;
}

export interface FileReading {
  /** Reads a file that the template names (`DefinitionUri`), relative to it; undefined if it is not there. */
  readonly read?: ((path: string) => string | undefined) | undefined;
}

/** Every state machine in the text of a file; none if it is a template without one. `name` is the file's name. */
export function definitionsIn(text: string, name: string, { read }: FileReading = {}): FoundDefinition[] {
  const file = readFileText(text);
  if (file.problem !== undefined || !isTemplate(file.value)) return [plainDefinition(file, text, name)];
  return resourcesOf(file.value).map(([id, properties]) =>
    ofResource({ id, properties, template: file.value as JsonObject, file, name, read }),
  );
}

function isTemplate(value: Json): value is JsonObject {
  return isObject(value) && isObject(value["Resources"]) && !("States" in value);
}

const types: readonly Json[] = ["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"];

function resourcesOf(template: JsonObject): [string, JsonObject][] {
  const resources = template["Resources"] as JsonObject;
  return Object.entries(resources).flatMap(([id, resource]): [string, JsonObject][] => {
    if (!isObject(resource) || !types.includes(resource["Type"] ?? null)) return [];
    return [[id, isObject(resource["Properties"]) ? resource["Properties"] : {}]];
  });
}

/** A file that is a definition itself. What is no JSON is kept as it is, so that the check says what is wrong with it. */
function plainDefinition(
  { value, problem, position }: FileText,
  text: string,
  file: string,
): FoundDefinition {
  const found = { name: file, type: "STANDARD", file, position } as const;
  const isJson = /^\s*[{[]/u.test(text);
  if (problem !== undefined)
    return isJson ? { ...found, definition: text } : { ...found, definition: "", problem };
  const full = filled(value);
  return { ...found, definition: isJson && textOf(full) === textOf(value) ? text : textOf(full) };
}

interface Resource extends FileReading {
  readonly id: string;
  readonly properties: JsonObject;
  readonly template: JsonObject;
  readonly file: FileText;
  readonly name: string;
}

function ofResource(resource: Resource): FoundDefinition {
  const { id, properties, template, file, name } = resource;
  const given = properties["StateMachineType"] ?? properties["Type"];
  const type = given === "EXPRESS" ? "EXPRESS" : "STANDARD";
  const substitutions = evaluated(properties["DefinitionSubstitutions"] ?? {}, template);
  const here = `/Resources/${id}/Properties`;
  const source = sourceOf(resource, here);
  if ("message" in source) {
    const position = file.position(here) ?? file.position(`/Resources/${id}`);
    return {
      name: id,
      definition: "",
      type,
      file: name,
      position: () => position,
      problem: { ...position, message: source.message },
    };
  }
  const definition = textOf(withSubstitutions(source.value, substitutions));
  return { name: id, type, definition, file: source.file ?? name, position: source.position };
}

type Source =
  | { readonly value: Json; readonly file?: string; readonly position: FoundDefinition["position"] }
  | { readonly message: string };

function sourceOf({ properties, template, file, read }: Resource, here: string): Source {
  const { Definition: object, DefinitionString: string, DefinitionUri: uri } = properties;
  if (object !== undefined)
    return {
      value: evaluated(object, template),
      position: (place) => file.position(`${here}/Definition${place}`),
    };
  if (string !== undefined)
    return ofString(evaluated(string, template), file.position(`${here}/DefinitionString`));
  if (typeof uri === "string") return ofFile(uri, read);
  return {
    message:
      "The definition is not in the template: give Definition, DefinitionString or a DefinitionUri that is a file",
  };
}

function ofString(text: Json, position: Position | undefined): Source {
  const read = readFileText(typeof text === "string" ? text : textOf(text));
  if (read.problem !== undefined)
    return { message: `The DefinitionString is no JSON: ${read.problem.message}` };
  return { value: read.value, position: () => position };
}

function ofFile(uri: string, read: FileReading["read"]): Source {
  const text = read?.(uri);
  if (text === undefined) return { message: `The DefinitionUri is no file that can be read: ${uri}` };
  const { value, problem, position } = readFileText(text);
  if (problem === undefined) return { value, position, file: uri };
  return { message: `${uri}:${problem.line}:${problem.column} ${problem.message}` };
}
