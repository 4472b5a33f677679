/** The help, from the same definitions that the commands are parsed with. */
import { usageLine } from "./arguments.ts";
import { commonOptions, type Command, type Options } from "./command.ts";

function rows(entries: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...entries.map(([left]) => left.length));
  return entries.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function optionRows(options: Options): (readonly [string, string])[] {
  return Object.entries(options).map(([name, { value, help }]) => {
    const left = value === undefined ? `--${name}` : `--${name} ${value}`;
    return [name === "help" ? `-h, ${left}` : left, help] as const;
  });
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { summary, places, options, details = [], examples } = command;
  const sections = [
    [`${summary}.`],
    [`Usage: ${usageLine(command)}`],
    ...(places.length === 0 ? [] : [rows(places.map(({ name, help }) => [name, help] as const))]),
    ["Options:", ...rows([...optionRows(options), ...optionRows(commonOptions)])],
    ...details.map((paragraph) => [paragraph]),
    [examples.length === 1 ? "Example:" : "Examples:", ...examples.map((example) => `  ${example}`)],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** The list of all commands. */
export function overview(commands: readonly Command[]): string {
  const sections = [
    [
      "Daruma runs durable workflows: kill the process at any instant, start it again, and every run goes on where it was.",
    ],
    ["Usage: daruma COMMAND [options]"],
    ["Commands:", ...rows(commands.map(({ name, summary }) => [name, summary] as const))],
    [
      '"daruma COMMAND --help" shows the options of a command, with examples. "daruma --version" shows the version.',
    ],
    ["Exit codes: 0 completed, 1 failed, 2 usage, 3 canceled, terminated or timed out."],
    ["Example:", "  daruma run hello.ts --input '\"world\"'"],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
