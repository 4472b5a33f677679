/** From the words after the command to its places and options. `node:util` splits them; what is wrong is said in our own words. */
import { parseArgs } from "node:util";
import { quoted } from "../core/errors.ts";
import { commonOptions } from "./command.ts";
import type { Command, Options, Place } from "./command.ts";
import { nearest } from "./nearest.ts";
import { usageError } from "./usage-error.ts";

/** A command line, understood. */
export interface Arguments {
  /** Options that take no value have the value "". */
  readonly options: ReadonlyMap<string, string>;
  readonly places: readonly string[];
}

/** What `parseArgs` makes of a word that begins with a dash. */
interface OptionToken {
  readonly kind: "option";
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

type Token =
  | OptionToken
  | { readonly kind: "positional"; readonly value: string }
  | { readonly kind: "option-terminator" };

/** Understands the words, or says what is wrong with them. @throws DarumaError DRM-USAGE */
export function parseArguments(command: Command, args: readonly string[]): Arguments {
  const known: Options = { ...command.options, ...commonOptions };
  const tokens = split(known, args);
  const options = new Map<string, string>();
  const places: string[] = [];
  for (const token of tokens) {
    if (token.kind === "option") options.set(token.name, valueOf(token, known, command));
    else if (token.kind === "positional") places.push(token.value);
  }
  if (!options.has("help")) checkPlaces(command, places);
  return { options, places };
}

function split(known: Options, args: readonly string[]): readonly Token[] {
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { value }]) => {
      const type = value === undefined ? ("boolean" as const) : ("string" as const);
      return [name, name === "help" ? { type, short: "h" } : { type }];
    }),
  );
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function valueOf(token: OptionToken, known: Options, command: Command): string {
  const { name, rawName, value, inlineValue } = token;
  const option = Object.hasOwn(known, name) ? known[name] : undefined;
  if (option === undefined) throw unknownOption(rawName, known, command);
  if (option.value === undefined) {
    if (value !== undefined) throw usageError(`The option --${name} takes no value.`, { found: value });
    return "";
  }
  const isOption = value !== undefined && inlineValue !== true && value.startsWith("--");
  if (value !== undefined && value !== "" && !isOption) return value;
  throw usageError(`The option --${name} needs a value.`, {
    expected: `--${name} ${option.value}`,
    ...(isOption ? { fix: `If ${quoted(value)} is the value, write --${name}=${value}` } : {}),
  });
}

function unknownOption(rawName: string, known: Options, command: Command): Error {
  const near = rawName.startsWith("--") ? nearest(rawName.slice(2), Object.keys(known)) : undefined;
  const help = `"daruma ${command.name} --help" lists its options.`;
  return usageError(`The command ${quoted(command.name)} has no option ${quoted(rawName)}.`, {
    fix: near === undefined ? help : `Did you mean --${near}? ${help}`,
  });
}

function checkPlaces(command: Command, places: readonly string[]): void {
  const missing = command.places.find(
    (place, index) => place.optional !== true && (places[index] ?? "") === "",
  );
  const expected = usageLine(command);
  if (missing !== undefined) throw usageError(`${missing.name} is missing: ${missing.help}.`, { expected });
  if (command.places.at(-1)?.many === true || places.length <= command.places.length) return;
  const extra = places[command.places.length] ?? "";
  throw usageError(`There is a word too many: ${quoted(extra)}.`, { expected, fix: hintFor(extra, command) });
}

function hintFor(extra: string, command: Command): string {
  const takesInput = "input" in command.options && /^[[{"@\d-]|^(?:true|false|null)$/u.test(extra);
  return takesInput
    ? `Pass the payload with --input.`
    : `"daruma ${command.name} --help" shows what it takes.`;
}

function shown({ name, optional, many }: Place): string {
  const repeated = many === true ? `${name}…` : name;
  return optional === true ? `[${repeated}]` : repeated;
}

/** How the command is written, in one line. */
export function usageLine(command: Command): string {
  return ["daruma", command.name, ...command.places.map(shown), "[options]"].join(" ");
}
