/** From the words of a command line to an exit code. */
import { errorToJson } from "../core/error-json.ts";
import { quoted } from "../core/errors.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { Context } from "./context.ts";
import { exitCodeOf, exitCodes } from "./exit-code.ts";
import { commandHelp, overview } from "./help.ts";
import type { Io } from "./io.ts";
import { nearest } from "./nearest.ts";
import { errorText } from "./text/errors.ts";
import { jsonText } from "./text/json.ts";
import { Paint } from "./text/paint.ts";
import { usageError } from "./usage-error.ts";

/** What the words mean something to. */
export interface Program {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly io: Io;
}

/** Does what the words say. Errors are written, not thrown. */
export async function dispatch(args: readonly string[], program: Program): Promise<number> {
  try {
    return await execute(args, program);
  } catch (error) {
    return report(error, args, program.io);
  }
}

async function execute(args: readonly string[], program: Program): Promise<number> {
  const { commands, version, io } = program;
  const [first = "help", ...rest] = args;
  if (first === "--version" || first === "-v") return write(io, `${version}\n`);
  const wantsHelp = first === "help" || first === "--help" || first === "-h";
  const name = wantsHelp ? rest[0] : first;
  if (name === undefined) return write(io, overview(commands));
  const command = find(name, commands);
  if (wantsHelp) return write(io, commandHelp(command));
  const given = parseArguments(command, rest);
  if (given.options.has("help")) return write(io, commandHelp(command));
  return await command.run(new Context(given, io));
}

function write(io: Io, text: string): number {
  io.stdout.write(text);
  return exitCodes.done;
}

function find(name: string, commands: readonly Command[]): Command {
  const names = commands.map((command) => command.name);
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  if (name.startsWith("-"))
    throw usageError(`The command comes first, not ${quoted(name)}.`, {
      expected: "daruma COMMAND [options]",
    });
  const near = nearest(name, names);
  const list = '"daruma --help" lists the commands.';
  const file = /\.[cm]?[jt]s$/u.test(name) ? `To run a module: daruma run ${name}` : list;
  throw usageError(`There is no command ${quoted(name)}.`, {
    fix: near === undefined ? file : `Did you mean "daruma ${near}"? ${list}`,
  });
}

/** An error object on stdout with --json, one block of text on stderr without. */
function report(error: unknown, args: readonly string[], io: Io): number {
  if (args.includes("--json")) {
    const plain = error instanceof Error ? errorToJson(error) : { name: "Error", message: String(error) };
    io.stdout.write(`${jsonText({ type: "error", error: plain })}\n`);
  } else {
    const text = errorText(error, new Paint(io.stderr.colors), args.includes("--verbose"));
    io.stderr.write(`${text}\n`);
  }
  return exitCodeOf(error);
}
