/**
 * A few lines at the bottom of a terminal that are drawn anew in place.
 *
 * Invariants:
 * - Each drawing is one write, so that no half of it is ever seen; lines are overwritten, not cleared first, so that nothing flickers.
 * - What others write to the terminal meanwhile appears above the drawing, whole lines at a time.
 * - The cursor and the line wrapping are as they were when it ends, however the process ends (but by a kill).
 */
import type { Io, Sink } from "../io.ts";
import { width } from "../text/width.ts";

// Without wrapping, a line that is wider than was thought costs its end, not the whole drawing.
const wrapOff = "\u001b[?7l";
const wrapOn = "\u001b[?7h";
const hideCursor = `\u001b[?25l${wrapOff}`;
const showCursor = `${wrapOn}\u001b[?25h`;
// Terminals that know it (DEC mode 2026) show everything in between at once; others take no notice.
const beginFrame = "\u001b[?2026h";
const endFrame = "\u001b[?2026l";
const clearToEndOfLine = "\u001b[K";
const clearBelow = "\u001b[J";

export class Screen {
  readonly #sink: Sink;
  readonly #restore: (() => void)[] = [];
  #drawn: readonly string[] = [];
  /** A line of others that has no end yet. */
  #partial = "";
  #ended = false;

  constructor(io: Io) {
    this.#sink = io.stderr;
    this.#restore.push(io.interceptTerminal((text) => this.#print(text)));
    const show = (): void => this.#sink.write(showCursor);
    process.once("exit", show);
    this.#restore.push(() => process.off("exit", show));
    this.#sink.write(hideCursor);
  }

  /** Draws these lines in place of those before. */
  draw(lines: readonly string[]): void {
    if (this.#ended || (lines.length === 0 && this.#drawn.length === 0)) return;
    const body = lines.map((line) => `${line}${clearToEndOfLine}`).join("\n");
    this.#sink.write(`${beginFrame}${this.#home()}${body}\n${clearBelow}${endFrame}`);
    this.#drawn = lines;
  }

  /** Writes a line above the drawing. */
  say(line: string): void {
    this.#print(`${line}\n`);
  }

  /** Draws for the last time and leaves it there. */
  end(lines: readonly string[]): void {
    if (this.#ended) return;
    if (this.#partial !== "") this.#print("\n");
    this.draw(lines);
    this.#ended = true;
    for (const undo of this.#restore) undo();
    this.#sink.write(showCursor);
  }

  #print(written: string): void {
    const at = written.lastIndexOf("\n") + 1;
    const whole = `${this.#partial}${written.slice(0, at)}`;
    this.#partial = at === 0 ? this.#partial + written : written.slice(at);
    if (at === 0) return;
    const drawn = this.#drawn.map((line) => `${line}${clearToEndOfLine}\n`).join("");
    const above = whole.replaceAll("\n", `${clearToEndOfLine}\n`);
    const text = `${this.#home()}${wrapOn}${above}${wrapOff}${drawn}${clearBelow}`;
    this.#sink.write(`${beginFrame}${text}${endFrame}`);
  }

  /** To the first line of the drawing, which may have been wrapped by a terminal that became narrower. */
  #home(): string {
    const { columns } = this.#sink;
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line) / columns)), 0);
    return rows === 0 ? "\r" : `\r\u001b[${rows}A`;
  }
}
