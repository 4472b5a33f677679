/** What happened in a simulation, line by line: the last lines for people, all of them (as one number) to compare two runs of a seed. */
export class Trace {
  readonly #now: () => number;
  readonly #keep: number;
  readonly #start: number;
  #lines: string[] = [];
  /** A number that stands for all lines so far. */
  digest = 0;
  /** There is room for details. */
  readonly detailed: boolean;
  count = 0;

  /** Keeps the last `keep` lines. */
  constructor(now: () => number, keep: number) {
    this.#now = now;
    this.#keep = keep;
    this.detailed = keep > 1_000;
    this.#start = now();
  }

  add(text: string): void {
    const line = `${((this.#now() - this.#start) / 1000).toFixed(3).padStart(9)} ${text}`;
    this.count++;
    for (let at = 0; at < line.length; at++)
      this.digest = (Math.imul(this.digest, 31) + line.charCodeAt(at)) | 0;
    this.#lines.push(line);
    if (this.#lines.length > 2 * this.#keep) this.#lines = this.#lines.slice(-this.#keep);
  }

  /** The last lines, oldest first. */
  get lines(): readonly string[] {
    return this.#lines.slice(-this.#keep);
  }
}
