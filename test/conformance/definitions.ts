/**
 * Definitions that others published, as AWS would get them, and where we differ from what their suites say: for the test of the checker, and for the table that
 * `npm run conformance` prints of what the server says to them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A published definition. */
export interface Published {
  readonly suite: string;
  readonly file: string;
  readonly definition: unknown;
  readonly text: string | null;
  readonly expect: "valid" | "invalid" | "unstated";
}

/** Where we differ from what the suite says, and why. */
export const differences: Readonly<Record<string, string>> = {
  "invalid-json-surround-syntax-extra-spaces.json": "AWS trims what is between {% and %}",
  "invalid-math-add.json": "a call is checked for its form; what it is called with fails at run time",
  "invalid-jsonata-surround-syntax-no-spaces.json": "the specification asks for no space after {%",
  "valid-assign.asl.json": "AWS refuses the variable name top-level (INVALID_VARIABLE_NAME)",
  "valid-map-noconfig.asl.json": "ItemReader and ResultWriter need the mode DISTRIBUTED",
  "valid-map-with-item-batcher-jsonata.json": "AWS refuses JSONPath states in a JSONata machine",
  "valid-task-intrisic-function.json": "functions of CloudFormation are no part of a definition",
  "resource-config-validity/goodbye-invalid.json": "a field of another implementation",
  "resource-config-validity/goodbye-valid.json": "a field of another implementation",
};

/**
 * What a deployment does before AWS sees a definition: placeholders become ARNs and names, and numbers where a number must stand; resources that are none become functions.
 * Names of states that the collection has read as booleans (`Yes` and `No` in YAML 1.1) are names again.
 */
function deployed(value: unknown, key?: string): unknown {
  if (typeof value === "boolean" && (key === "Next" || key === "Default")) return String(value);
  if (typeof value === "string" && key?.endsWith("Seconds") === true && /^\$\{[^}]*\}$/u.test(value))
    return 60;
  if (Array.isArray(value)) return value.map((one) => deployed(one));
  if (typeof value === "string")
    return value.replaceAll(/\$\{([^}"]+)\}/gu, (_, name: string) => standIn(name));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, deployed(one, name)] as const);
  const changed: Record<string, unknown> = Object.fromEntries(entries);
  const { Type: type, Resource: resource } = value as Record<string, unknown>;
  if (
    type === "Task" &&
    typeof resource === "string" &&
    (!resource.startsWith("arn:") || resource.startsWith("${"))
  )
    if (!/^\$\{[^}]*$/u.test(resource)) changed["Resource"] = functionOf(resource);
  return changed;
}

function standIn(name: string): string {
  if (/partition/iu.test(name)) return "aws";
  if (/region/iu.test(name)) return "us-east-1";
  return /account/iu.test(name) ? "000000000000" : name.replaceAll(/[^A-Za-z0-9]/gu, "");
}

function functionOf(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name.replaceAll(/[^A-Za-z0-9]/gu, "").slice(0, 50)}`;
}

/** All of them. `folder`: where the recordings are. */
export function publishedDefinitions(folder: string): readonly Published[] {
  const { definitions } = JSON.parse(readFileSync(join(folder, "definitions.json"), "utf8")) as {
    definitions: Published[];
  };
  return definitions;
}

/** The text that AWS would get. */
export function textOf({ text, definition }: Published): string {
  return text ?? JSON.stringify(deployed(definition));
}

/** The name under which a difference of this definition would be listed. */
export function differenceOf({ file }: Published): string | undefined {
  return Object.keys(differences).find((name) => file.endsWith(name));
}
