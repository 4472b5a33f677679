/** Clocks: in workflow code the time of the outcome that is being delivered, elsewhere the real time. */
import { running } from "./guarded-code.ts";
import type { GuardedCode } from "./guarded-code.ts";
import { forbidding } from "./forbid.ts";
import { construct, replace } from "./replace.ts";
import type { Callable, Guarding } from "./replace.ts";

/** A function that says something else in workflow code. */
export function instead(recorded: (code: GuardedCode, args: unknown[], self: unknown) => unknown): Guarding {
  return (original) =>
    function (this: unknown, ...args: unknown[]): unknown {
      const code = running();
      if (code === undefined) return Reflect.apply(original, this, args as never[]);
      return recorded(code, args, this);
    };
}

/** `Date.now`: apart from the others because it is called most. */
function guardedNow(original: Callable): Callable {
  const now = original as () => number;
  return () => running()?.now() ?? now();
}

/** `Date`, with the same prototype object: dates made before, outside, or by `structuredClone` are all of one class. */
function guardedDate(original: Callable): Callable {
  const textOf = (time: number): string => String(Reflect.construct(original, [time]));
  return function (this: unknown, ...args: unknown[]): unknown {
    const newTarget = new.target as Callable | undefined;
    // As a function, `Date` says the time and does not look at its arguments.
    if (newTarget === undefined)
      return textOf(running()?.now() ?? (original as unknown as typeof Date).now());
    const code = args.length === 0 ? running() : undefined;
    return construct(original, code === undefined ? args : [code.now()], newTarget);
  };
}

function guardDate(): void {
  replace(globalThis, "Date", guardedDate);
  replace(Date, "now", guardedNow);
  const { prototype }: { readonly prototype: object } = Date;
  Object.defineProperty(prototype, "constructor", { value: Date, writable: true, configurable: true });
}

/** Milliseconds since the run started. */
function elapsed(code: GuardedCode): number {
  return code.now() - code.startedAt();
}

function hrtime(code: GuardedCode, [before]: unknown[]): [number, number] {
  const [seconds, nanoseconds] = (before as [number, number] | undefined) ?? [0, 0];
  const since = elapsed(code) * 1e6 - nanoseconds;
  const whole = Math.floor(since / 1e9);
  return [whole - seconds, since - whole * 1e9];
}

/** `performance` counts from the start of the run, as it counts from the start of the process elsewhere. */
function guardCounters(): void {
  replace(Object.getPrototypeOf(performance) as object, "now", instead(elapsed));
  replace(process, "hrtime", instead(hrtime));
  replace(
    process.hrtime,
    "bigint",
    instead((code) => BigInt(elapsed(code)) * 1_000_000n),
  );
  replace(
    process,
    "uptime",
    instead((code) => elapsed(code) / 1000),
  );
}

/** A formatter without a date formats the present. */
function formatting(original: Callable): Callable {
  return function (this: unknown, date: unknown, ...more: unknown[]): unknown {
    const day = date === undefined ? running()?.now() : date;
    return Reflect.apply(original, this, [day, ...more] as never[]);
  };
}

function guardFormats(): void {
  replace(Intl.DateTimeFormat.prototype, "format", formatting);
  replace(Intl.DateTimeFormat.prototype, "formatToParts", formatting);
}

/** As much of the Temporal proposal as is needed here; Node has it behind a flag, and later without one. */
interface Zoned {
  toPlainDate(): unknown;
  toPlainDateTime(): unknown;
  toPlainTime(): unknown;
}

interface Instant {
  toZonedDateTimeISO(timeZone: unknown): Zoned;
}

interface TemporalLike {
  readonly Instant: { fromEpochMilliseconds(time: number): Instant };
  readonly Now: object;
}

/** `Temporal.Now`; the names without ISO are those of an older proposal that Node 24 still has. */
function guardTemporal({ Instant, Now }: TemporalLike): void {
  const instant = (code: GuardedCode): Instant => Instant.fromEpochMilliseconds(code.now());
  const zoned = (code: GuardedCode, [zone]: readonly unknown[]): Zoned =>
    instant(code).toZonedDateTimeISO(zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone);
  const swap = (name: string, recorded: (code: GuardedCode, args: unknown[]) => unknown): void => {
    replace(Now, name, instead(recorded));
  };
  swap("instant", instant);
  swap("zonedDateTimeISO", zoned);
  swap("plainDateISO", (code, args) => zoned(code, args).toPlainDate());
  swap("plainDateTimeISO", (code, args) => zoned(code, args).toPlainDateTime());
  swap("plainTimeISO", (code, args) => zoned(code, args).toPlainTime());
  for (const name of ["plainDate", "plainDateTime", "zonedDateTime"]) {
    replace(Now, name, forbidding({ call: `Temporal.Now.${name}`, fix: `Use Temporal.Now.${name}ISO().` }));
  }
}

/** Guards every clock of this process. */
export function guardClocks(): void {
  guardDate();
  guardCounters();
  guardFormats();
  const { Temporal } = globalThis as { readonly Temporal?: TemporalLike };
  if (Temporal !== undefined) guardTemporal(Temporal);
}
