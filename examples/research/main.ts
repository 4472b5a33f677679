/**
 * Researches a folder of your own:
 *
 *   node examples/research/main.ts --question "…" --docs ./notes --out report.md
 *
 * Stop it or kill it when you like: the same command goes on where it was.
 * Exit codes: 0 the report is written, 1 the research failed, 2 the command line is wrong.
 */
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Daruma } from "daruma";
import { type CommandLine, HELP, readCommandLine } from "./command-line.ts";
import { createScreen } from "./demo/screen.ts";
import { describeError, ResearchInputError } from "./errors.ts";
import { follow, openEngine } from "./session.ts";
import { research } from "./workflow.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The id of the open run with the same input, or of a new one. Runs that are over stay as they are: a later research is a new run. */
async function findOrStart(daruma: Daruma, { folder, input }: CommandLine): Promise<string> {
  const prefix = `research-${createHash("sha256").update(JSON.stringify(input)).digest("hex").slice(0, 10)}-`;
  for await (const run of daruma.list({ workflow: "research", status: "running" })) {
    if (!run.id.startsWith(prefix)) continue;
    say(`Going on with ${run.id}, which was cut off.`);
    return run.id;
  }
  const id = `${prefix}${Date.now().toString(36)}`;
  await daruma.start(research, { id, input: { ...input, workFolder: path.join(folder, id) } });
  return id;
}

async function main(command: CommandLine): Promise<number> {
  await mkdir(command.folder, { recursive: true });
  const { question, writer } = command.input;
  say(
    `Deep research: ${JSON.stringify(question)} (${writer === "model" ? "with a language model" : "no language model is configured: extractive"})`,
  );
  const daruma = await openEngine(`sqlite:${path.join(command.folder, "daruma.db")}`);
  try {
    const id = await findOrStart(daruma, command);
    const screen = createScreen(process.stdout, id);
    let code = 1;
    for await (const message of follow(daruma, id)) {
      screen.take(message);
      if (message.kind === "error") screen.say(`The research failed. ${message.text}`);
      if (message.kind === "result") code = 0;
    }
    if (code === 0) say(`Report: ${command.input.out}`);
    return code;
  } finally {
    await daruma.close();
  }
}

/** Says what is wrong with the command line, or returns what it means. */
function understand(): CommandLine | undefined {
  try {
    const command = readCommandLine(process.argv.slice(2), process.env);
    if (command === undefined) say(HELP);
    return command;
  } catch (error) {
    process.stderr.write(
      `${error instanceof ResearchInputError ? error.message : describeError(error)}\n\n${HELP}`,
    );
    process.exitCode = 2;
    return undefined;
  }
}

const command = understand();
if (command !== undefined) {
  try {
    process.exitCode = await main(command);
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = 1;
  }
}
