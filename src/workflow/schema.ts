/**
 * Input schemas: the part of the Standard Schema interface (version 1, standardschema.dev) that Daruma calls.
 */
import { InvalidInputError } from "../core/errors.ts";

/** One thing that is wrong with an input. */
interface Issue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}

type Checked =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

/** Anything with a `~standard` property as Standard Schema defines it. */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Checked | Promise<Checked>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/**
 * Checks `value` and returns what the schema makes of it.
 * @throws InvalidInputError with one issue per problem, each with its path
 */
export async function checkInput(schema: StandardSchema, value: unknown, subject: string): Promise<unknown> {
  const checked = await schema["~standard"].validate(value);
  if (checked.issues === undefined) return checked.value;
  const issues = checked.issues.map(({ message, path }) => ({ message, path: pathText(path) }));
  throw new InvalidInputError({ subject, issues });
}

function pathText(path: Issue["path"]): string {
  const keys = (path ?? []).map((part) => (typeof part === "object" ? part.key : part));
  return keys.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`),
    "$",
  );
}
