/** Files with state machines, for the commands that take them. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { definitionsIn as found } from "../../notations/asl/template-file/definitions-in.ts";
import type { FoundDefinition } from "../../notations/asl/template-file/definitions-in.ts";

/**
 * The state machines in the text of a file: a definition in JSON or YAML (it gets the name), or those of a CloudFormation, SAM or synthesised CDK template
 * (their names are their logical ids; a `DefinitionUri` is read relative to the file).
 */
export function definitionsIn(
  text: string,
  { name, path }: { readonly name: string; readonly path: string },
): FoundDefinition[] {
  const read = (uri: string): string | undefined => textOf(resolve(dirname(path), uri));
  return found(text, name, { read }).map((one) => ({
    ...one,
    file: one.file === name ? path : join(dirname(path), one.file),
  }));
}

/** The text of a file; undefined if there is none, or it is a folder, or it may not be read. */
export function textOf(path: string): string | undefined {
  try {
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
