/** What `daruma asl check` does. */
import { quoted } from "../../core/errors.ts";
import { printable } from "../../core/printable.ts";
import { checkDefinition } from "../../notations/asl/check/check.ts";
import type { Diagnostic } from "../../notations/asl/check/check.ts";
import { valueOf } from "../../notations/asl/json.ts";
import { callsIn } from "../../notations/asl/template-file/calls.ts";
import type { FoundDefinition } from "../../notations/asl/template-file/definitions-in.ts";
import { definitionsIn, textOf } from "./definitions.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { usageError } from "../usage-error.ts";

/** @throws DarumaError DRM-USAGE */
export async function checkFiles(context: Context): Promise<number> {
  const [verb = "", ...files] = context.places;
  if (verb !== "check")
    throw usageError(`The command "asl" cannot ${quoted(verb)}.`, { expected: "daruma asl check FILE…" });
  if (files.length === 0) throw usageError("FILE is missing.", { expected: "daruma asl check FILE…" });
  const type = context.oneOf("type", ["STANDARD", "EXPRESS"]);
  const handlers = handlersOf(context.text("handlers"));
  const found = files.map((file) => ({ file, definitions: readDefinitions(file) }));
  let errors = 0;
  for (const { file, definitions } of found) {
    if (definitions.length === 0) errors += reportNone(context, file);
    for (const one of definitions) {
      const diagnostics = problemsOf(one, type);
      errors += diagnostics.filter(({ severity }) => severity === "ERROR").length;
      for (const diagnostic of diagnostics) report(context, one, diagnostic);
      if (diagnostics.length === 0 && !context.json)
        context.say(`${context.out.good("ok")}  ${printable(titleOf(one))}`);
      if (handlers !== undefined) reportCalls(context, one, handlers);
    }
  }
  return errors === 0 ? exitCodes.done : exitCodes.failed;
}

function readDefinitions(path: string): readonly FoundDefinition[] {
  const text = textOf(path);
  if (text === undefined) throw usageError(`There is no file ${quoted(path)} that can be read.`);
  return definitionsIn(text, { name: path, path });
}

function handlersOf(given: string | undefined): ReadonlyMap<string, string> | undefined {
  if (given === undefined) return undefined;
  const pairs = given.split(",").map((pair) => pair.split("="));
  for (const pair of pairs)
    if (pair.length !== 2 || pair.includes(""))
      throw usageError("The option --handlers needs pairs.", {
        expected: "--handlers LOGICALID=NAME,LOGICALID=NAME",
        found: quoted(given),
      });
  return new Map(pairs as [string, string][]);
}

function titleOf({ name, file }: FoundDefinition): string {
  return name === file ? file : `${file} ${name}`;
}

function problemsOf(
  { definition, problem, position, type }: FoundDefinition,
  wanted: "STANDARD" | "EXPRESS" | undefined,
): readonly Diagnostic[] {
  if (problem === undefined) {
    const kind = type === "EXPRESS" ? type : wanted;
    return checkDefinition(definition, { type: kind, position }).diagnostics;
  }
  const { message, line, column } = problem;
  return [{ code: "INVALID_JSON_DESCRIPTION", severity: "ERROR", message, pointer: "", line, column }];
}

function report(context: Context, { file, name }: FoundDefinition, diagnostic: Diagnostic): void {
  const { severity, code, message, pointer, line = 1, column = 1 } = diagnostic;
  if (context.json)
    return context.emit({ file, machine: name, line, column, severity, code, message, pointer });
  const place = pointer === "" || code === "INVALID_JSON_DESCRIPTION" ? "" : ` (${pointer})`;
  const paint = severity === "ERROR" ? context.out.bad(severity) : context.out.warn(severity);
  const [text = ""] = message.split("\n");
  context.say(`${printable(file)}:${line}:${column} ${paint} ${code} ${printable(`${text}${place}`)}`);
}

function reportNone(context: Context, file: string): number {
  const message = "There is no state machine in this template";
  report(
    context,
    { file, name: file, definition: "", type: "STANDARD", position: () => undefined },
    { code: "MISSING_DESCRIPTION", severity: "ERROR", message, pointer: "" },
  );
  return 1;
}

function reportCalls(context: Context, one: FoundDefinition, handlers: ReadonlyMap<string, string>): void {
  if (one.definition === "" || checkDefinition(one.definition).machine === undefined) return;
  for (const { state, function: called } of callsIn(valueOf(one.definition))) {
    const handler = handlers.get(called);
    if (context.json) context.emit({ file: one.file, machine: one.name, state, function: called, handler });
    else
      context.say(
        `    ${printable(state)} calls ${printable(handler ?? called)}${handler === undefined ? "" : ` (${printable(called)})`}`,
      );
  }
}
