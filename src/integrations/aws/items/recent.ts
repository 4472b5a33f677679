/** The last windows that were read of objects, so that small pages do not read the same window again. Nothing depends on what is kept here. */

const MAX_OBJECTS = 16;

export interface Window {
  readonly from: number;
  readonly bytes: Buffer;
  /** Of the whole object. */
  readonly size: number;
}

export class RecentWindows {
  readonly #windows = new Map<string, Window>();

  keep(name: string, window: Window): void {
    this.#windows.delete(name);
    this.#windows.set(name, window);
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > MAX_OBJECTS && oldest !== undefined) this.#windows.delete(oldest);
  }

  /** What is kept from `at` on, if `at` is in it. */
  find(name: string, at: number): Omit<Window, "from"> | undefined {
    const window = this.#windows.get(name);
    if (window === undefined || at < window.from || at >= window.from + window.bytes.length) return undefined;
    return { bytes: window.bytes.subarray(at - window.from), size: window.size };
  }
}
