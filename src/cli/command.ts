/** What a command is: words for people, options, and what it does. */
import type { Context } from "./context.ts";

/** An option, written `--name` or `--name VALUE`. */
export interface Option {
  /** How the value is shown in the help; absent: the option takes none. */
  readonly value?: string | undefined;
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

/** A place on the command line, in order. */
export interface Place {
  /** As it is shown: `FILE`, `ID`. */
  readonly name: string;
  readonly help: string;
  readonly optional?: boolean | undefined;
  /** The last place may take any number. */
  readonly many?: boolean | undefined;
}

/** One command. */
export interface Command {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly places: readonly Place[];
  /** Its own options; those of all commands are added. */
  readonly options: Options;
  /** What else there is to know, as paragraphs. */
  readonly details?: readonly string[] | undefined;
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** Does it, and returns the exit code. */
  run(context: Context): Promise<number>;
}

/** Options of every command. */
export const commonOptions: Options = {
  store: { value: "URL", help: "The store. Default: sqlite:./daruma.db" },
  json: { help: "Write JSON for programs instead of text" },
  verbose: { help: "Show stacks with errors" },
  help: { help: "Show this help" },
};

export const defaultStore = "sqlite:./daruma.db";
