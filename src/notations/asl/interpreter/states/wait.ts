import type { Json } from "../../json.ts";
import { expressionIn } from "../../jsonata/expression.ts";
import { typeProblem } from "../../jsonata/failure.ts";
import type { WaitState } from "../../model.ts";
import { StatesError } from "../../states-error.ts";
import type { Outcome, StateRun } from "../state-run.ts";
import { pass } from "./finish.ts";
import { millisecondsOf } from "../../timestamp.ts";

/** Waits for a time or until a date. */
export async function runWait(run: StateRun<WaitState>): Promise<Outcome> {
  const { world } = run.execution;
  const input = run.effectiveInput();
  const until = await dueAt(run, input, world.now());
  if (until > world.now()) await world.sleepUntil(until);
  return { ...(await pass(run, input)), next: run.state.Next };
}

async function dueAt(run: StateRun<WaitState>, input: Json, now: number): Promise<number> {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = run.state;
  if (SecondsPath !== undefined) return after(now, secondsAt(run, SecondsPath, input));
  if (TimestampPath !== undefined) return notTooLong(now, dateAt(run, TimestampPath, input));
  if (Seconds !== undefined) return after(now, await secondsOf(run, Seconds));
  return notTooLong(now, await dateOf(run, Timestamp ?? ""));
}

function after(now: number, seconds: number): number {
  return notTooLong(now, now + seconds * 1000);
}

/** AWS takes the delay as a 32-bit number of seconds. */
const longestMs = 2_147_483_647_000;

function notTooLong(now: number, until: number): number {
  if (until - now <= longestMs) return until;
  throw wrong("Wait state delay is too long.");
}

function wrong(cause: string): StatesError {
  return new StatesError("States.Runtime", { cause, inState: true });
}

function secondsAt(run: StateRun<WaitState>, path: string, input: Json): number {
  const value = run.at(path, "SecondsPath", input);
  if (typeof value !== "number" || !Number.isInteger(value))
    throw wrong(`The SecondsPath parameter cannot be parsed as a long value: ${path} == ${shown(value)}`);
  if (value < 0) throw wrong(`The SecondsPath parameter references a negative value: ${path} == ${value}`);
  return value;
}

function shown(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function dateAt(run: StateRun<WaitState>, path: string, input: Json): number {
  const value = run.at(path, "TimestampPath", input);
  const date = millisecondsOf(value);
  if (date !== undefined) return date;
  throw wrong(
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path} == ${shown(value)}`,
  );
}

async function secondsOf(run: StateRun<WaitState>, seconds: number | string): Promise<number> {
  if (typeof seconds === "number") return seconds;
  const value = await run.evaluate(seconds, "Seconds");
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw typeProblem(expressionIn(seconds) ?? seconds, "Seconds", { expected: "number", value });
}

async function dateOf(run: StateRun<WaitState>, timestamp: string): Promise<number> {
  const value = run.isJsonata ? await run.evaluate(timestamp, "Timestamp") : timestamp;
  const date = millisecondsOf(value);
  if (date !== undefined) return date;
  throw new StatesError(run.isJsonata ? "States.QueryEvaluationError" : "States.Runtime", {
    cause: `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${shown(value)}`,
    location: run.isJsonata ? "Timestamp" : undefined,
    inState: true,
    entered: true,
  });
}
