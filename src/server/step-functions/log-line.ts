/**
 * Lines of execution logs: which events a level logs, what a line says, and where its data is cut (Developer Guide, "Using CloudWatch Logs to log execution history in
 * Step Functions": "Event log levels", "CloudWatch Logs payloads").
 *
 * Invariant: with AWS's limits the data of a line takes no more than 248 KiB as it is written, which leaves room for the rest in the 256 KiB of an event of CloudWatch Logs.
 */
import type { ExecutionInput, HistoryEvent } from "../../notations/asl/execution.ts";
import { isObject, type Json, type JsonObject, textOf } from "../../notations/asl/json.ts";
import { withoutData } from "./history.ts";

/** How a machine is logged, with the defaults filled in. */
export interface Logging {
  readonly level: string;
  readonly includeExecutionData: boolean;
}

const ends = /^Execution(?:Aborted|Failed|TimedOut)$/u;
/** As AWS's table of levels has them. */
const troubles = /(?:Aborted|Failed|TimedOut)$|^FailStateEntered$/u;

export function isLogged(type: string, level: string): boolean {
  return level === "ALL" || (level === "FATAL" ? ends : troubles).test(type);
}

/** The line of an event, with its end. */
export function lineOf(
  event: HistoryEvent,
  { includeExecutionData }: Logging,
  { execution: { arn, redriveCount = 0 }, awsLimits }: Pick<ExecutionInput, "execution" | "awsLimits">,
): string {
  const shown = includeExecutionData ? event : withoutData(event);
  const { id, previousEventId, timestamp, type, ...rest } = shown;
  const [own = {}] = Object.values(rest);
  const line = {
    id: String(id),
    type,
    details: awsLimits && isObject(own) ? cut(own) : own,
    previous_event_id: String(previousEventId),
    event_timestamp: String(timestamp),
    execution_arn: arn,
    redrive_count: String(redriveCount),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Bytes of escaped data. AWS says so of input and output; that all that is long in an event shares them is ours. */
const mostBytes = 248 * 1024;

/** What may be long, in the order in which it gets its bytes. */
const long = ["input", "output", "parameters", "error", "cause", "assignedVariables"] as const;

function cut(details: JsonObject): JsonObject {
  let left = mostBytes;
  const changed: Record<string, Json> = {};
  for (const key of long) {
    const whole = details[key];
    if (whole === undefined) continue;
    const fitting = fitted(whole, left);
    left -= fitting.bytes;
    if (fitting.whole) continue;
    changed[key] = fitting.value;
    // Not everything that is cut has a place to say so.
    if (`${key}Details` in details) changed[`${key}Details`] = { truncated: true };
  }
  return { ...details, ...changed };
}

interface Fitting {
  readonly value: Json;
  /** What it takes. */
  readonly bytes: number;
  /** False: something is missing. */
  readonly whole: boolean;
}

function fitted(value: Json, most: number): Fitting {
  if (isObject(value)) return fittedVariables(value, most);
  return fittedText(asText(value), most);
}

/** Variables are texts by their names: the first ones. */
function fittedVariables(variables: JsonObject, most: number): Fitting {
  const kept: [name: string, text: Json][] = [];
  let left = most;
  for (const [name, text] of Object.entries(variables)) {
    const key = fittedText(name, left - punctuation);
    const part = key.whole ? fittedText(asText(text), left - punctuation - key.bytes) : key;
    if (key.whole) {
      kept.push([name, part.value]);
      left -= punctuation + key.bytes + part.bytes;
    }
    if (!part.whole) return { value: Object.fromEntries(kept), bytes: most - left, whole: false };
  }
  return { value: variables, bytes: most - left, whole: true };
}

function asText(value: Json): string {
  return typeof value === "string" ? value : textOf(value);
}

/** `"":"",` */
const punctuation = 6;

function fittedText(text: string, most: number): Fitting {
  let bytes = 0;
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at) ?? 0;
    const more = escapedBytes(point);
    if (bytes + more > most) return { value: text.slice(0, at), bytes, whole: false };
    bytes += more;
    at += point > 0xffff ? 2 : 1;
  }
  return { value: text, bytes, whole: true };
}

/** What a character takes in a JSON text, in UTF-8. */
function escapedBytes(point: number): number {
  if (point < 0x20) return shortEscapes.has(point) ? 2 : 6;
  if (point === 0x22 || point === 0x5c) return 2;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  if (point > 0xffff) return 4;
  // Half of a pair is escaped.
  return point >= 0xd800 && point <= 0xdfff ? 6 : 3;
}

/** \b \t \n \f \r */
const shortEscapes: ReadonlySet<number> = new Set([8, 9, 10, 12, 13]);
