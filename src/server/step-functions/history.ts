/** GetExecutionHistory. */
import type { HistoryEvent } from "../../notations/asl/execution.ts";
import { isObject, type Json, type JsonObject } from "../../notations/asl/json.ts";
import { parseArn } from "./arn.ts";
import { Events } from "./events.ts";
import { pageSize } from "./params.ts";
import { type Operations, seconds } from "./service.ts";
import { placeOf, tokenFor } from "./tokens.ts";

export const historyOperations: Operations = {
  GetExecutionHistory: async (service, params) => {
    const { text } = parseArn(params.text("executionArn"), ["execution"]);
    const reverse = params.flag("reverseOrder") ?? false;
    const included = params.flag("includeExecutionData") ?? true;
    const subject = `events ${reverse ? "reverse" : ""} ${text}`;
    const from = placeOf<number>(params, subject, "number") ?? 0;
    const count = pageSize(params);
    const events = new Events(service.client, service.executions.runs);
    const found = await events.read(text, { from, count, reverse });
    const next = from + found.events.length;
    return {
      events: found.events.map((event) => shown(included ? event : withoutData(event))),
      ...(next < found.total ? { nextToken: tokenFor(subject, next) } : {}),
    };
  },
};

function shown(event: HistoryEvent): object {
  return { ...event, timestamp: seconds(event.timestamp) };
}

/** What an execution works with. */
const data: readonly string[] = ["input", "output", "parameters"];

/** The event without inputs and outputs. */
export function withoutData(event: HistoryEvent): HistoryEvent {
  const fields = Object.entries(event).map(([key, value]): readonly [string, Json] => [
    key,
    isObject(value) ? stripped(value) : value,
  ]);
  return Object.fromEntries(fields) as HistoryEvent;
}

function stripped(details: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(details).filter(([key]) => !data.includes(key)));
}
