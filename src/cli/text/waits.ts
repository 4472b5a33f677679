/** What runs wait for, in words. */
import type { Wait } from "../../client/backend.ts";
import { progressOf } from "../../core/progress.ts";
import type { Event } from "../../core/events.ts";
import { printable } from "../../core/printable.ts";
import { clock, span } from "./times.ts";

/** What a history does not show: messages, conditions, a worker. */
export function waitsOfCode(waits: readonly Wait[]): readonly Wait[] {
  return waits.filter(({ what }) => !/^(?:activity|child|timer) /u.test(what));
}

/** What a history alone shows: open activities, children and timers. */
export function waitsOfHistory(events: readonly Event[]): readonly Wait[] {
  const progress = progressOf(events);
  return [
    ...[...progress.activities.values()].map(({ scheduled, nextAt: until }) => {
      return { what: `activity ${scheduled.name}`, since: scheduled.time, until };
    }),
    ...[...progress.children.values()].map(({ started }) => ({
      what: `child ${started.id}`,
      since: started.time,
    })),
    ...[...progress.timers.values()].map(({ name, fireAt: until }) => ({ what: `timer ${name}`, until })),
  ];
}

/** "signal approve since 10:02:03 (5m 00s)", "timer sleep until 10:30:00 (in 22m 00s)". */
export function waitText({ what, since, until }: Wait, now: number): string {
  const from = since === undefined ? "" : ` since ${clock(since, now)} (${span(now - since)})`;
  if (until === undefined) return `${printable(what)}${from}`;
  const left = until > now ? ` (in ${span(until - now)})` : "";
  const due = what.startsWith("activity ") ? "next attempt at" : "until";
  return `${printable(what)}${from}${from === "" ? "" : ","} ${due} ${clock(until, now)}${left}`;
}
