/** What a command works with: its places and options with their types, and where its words go. */
import { durationMs } from "../core/duration.ts";
import { quoted } from "../core/errors.ts";
import { defaultStore } from "./command.ts";
import type { Arguments } from "./arguments.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./text/json.ts";
import { Paint } from "./text/paint.ts";
import { usageError } from "./usage-error.ts";

/** One command at work. */
export class Context {
  readonly io: Io;
  /** Colors for stdout and stderr. */
  readonly out: Paint;
  readonly err: Paint;
  readonly #arguments: Arguments;

  constructor(given: Arguments, io: Io) {
    this.#arguments = given;
    this.io = io;
    this.out = new Paint(io.stdout.colors);
    this.err = new Paint(io.stderr.colors);
  }

  // --- what was asked ---

  /** Place number `index`, which must be there. */
  place(index: number): string {
    return this.#arguments.places[index] ?? "";
  }

  get places(): readonly string[] {
    return this.#arguments.places;
  }

  flag(name: string): boolean {
    return this.#arguments.options.has(name);
  }

  text(name: string): string | undefined {
    return this.#arguments.options.get(name);
  }

  /** A whole number of 1 or more. @throws DarumaError DRM-USAGE */
  count(name: string): number | undefined {
    const found = this.text(name);
    if (found === undefined) return undefined;
    const value = Number(found);
    if (/^\d+$/u.test(found) && value >= 1 && Number.isSafeInteger(value)) return value;
    throw usageError(`The option --${name} needs a whole number of 1 or more.`, { found: quoted(found) });
  }

  /** A duration in milliseconds. @throws DarumaError DRM-USAGE */
  duration(name: string): number | undefined {
    const found = this.text(name);
    try {
      return found === undefined ? undefined : durationMs(found, `--${name}`);
    } catch {
      const expected = 'a duration such as "30s" or "1h30m"';
      throw usageError(`The option --${name} needs a duration.`, { expected, found: quoted(found) });
    }
  }

  /** One of a few words. @throws DarumaError DRM-USAGE */
  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const found = this.text(name);
    const known = allowed.find((one) => one === found);
    if (found === undefined || known !== undefined) return known;
    throw usageError(`The option --${name} has a value that it does not know.`, {
      expected: `one of ${allowed.join(", ")}`,
      found: quoted(found),
    });
  }

  get json(): boolean {
    return this.flag("json");
  }

  get store(): string {
    return this.text("store") ?? defaultStore;
  }

  /** The option --store for a command line that goes on with this one; empty for the default. */
  get storeOption(): string {
    return this.store === defaultStore ? "" : ` --store ${shellWord(this.store)}`;
  }

  // --- what is answered ---

  /** A line for people who asked for this output. */
  say(line: string): void {
    this.io.stdout.write(`${line}\n`);
  }

  /** A line about what is going on, beside the output. */
  tell(line: string): void {
    this.io.stderr.write(`${line}\n`);
  }

  /** A line of JSON. */
  emit(value: unknown): void {
    this.io.stdout.write(`${jsonText(value)}\n`);
  }
}

/** The text as one word of a shell's command line. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
