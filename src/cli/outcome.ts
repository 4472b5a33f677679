/** How a run ended, and what is said of it. */
import type { Client } from "../client/client.ts";
import { errorToJson } from "../core/error-json.ts";
import { encodePayload } from "../core/payload.ts";
import type { Context } from "./context.ts";
import { exitCodeOf, exitCodes, statusOfError } from "./exit-code.ts";
import { failureLines } from "./text/errors.ts";
import { words } from "./text/event-text.ts";
import { valueText } from "./text/values.ts";

/** A result, or why there is none. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** Waits until the run has closed. Never rejects. */
export async function outcomeOf(client: Client, id: string): Promise<Outcome> {
  try {
    return { value: await client.get(id).result() };
  } catch (error) {
    return { error };
  }
}

/** Says how the run ended: the result on stdout, a failure on stderr. Returns the exit code. @throws the error if the run has not closed */
export function reportOutcome(context: Context, id: string, outcome: Outcome): number {
  if ("value" in outcome) return reportValue(context, id, outcome.value);
  const { error } = outcome;
  const status = statusOfError(error);
  if (status === undefined) throw error;
  if (context.json) {
    context.emit({
      type: "result",
      run: id,
      status,
      error: error instanceof Error ? errorToJson(error) : error,
    });
  } else {
    const lines = status === "failed" ? failureLines(causeOf(error)) : [firstLine(error)];
    const [first = "", ...rest] = lines;
    context.tell([`${context.err.bad(`${words(status)}:`)} ${first}`, ...rest].join("\n"));
  }
  return exitCodeOf(error);
}

function reportValue(context: Context, id: string, value: unknown): number {
  if (context.json) {
    const result: unknown =
      value === undefined ? undefined : JSON.parse(encodePayload(value, { maxBytes: Infinity }));
    context.emit({ type: "result", run: id, status: "completed", result });
  } else if (value !== undefined) {
    context.say(valueText(value));
  }
  return exitCodes.done;
}

/** The advice that comes after it is for programs that did not expect this end. */
function firstLine(error: unknown): string {
  const [first = ""] = (error instanceof Error ? error.message : "").split("\n");
  return first;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? (error.cause ?? error) : error;
}
