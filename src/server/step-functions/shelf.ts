/** Documents of one collection of records, as values. */
import type { Records } from "../../store/records.ts";

/** A page of a list; `next` is the key after which the next one begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

export class Shelf<T> {
  readonly #records: Records;
  readonly #collection: string;

  constructor(records: Records, collection: string) {
    this.#records = records;
    this.#collection = collection;
  }

  async get(key: string): Promise<T | undefined> {
    return (await this.#read(key))?.value;
  }

  /** Puts a new document; undefined if there was none of this key, else the one that is there. */
  async add(key: string, value: T): Promise<T | undefined> {
    for (;;) {
      const text = JSON.stringify(value);
      const written = await this.#records.put(this.#collection, key, { text, expected: "absent" });
      if (written !== "conflict") return undefined;
      const found = await this.get(key);
      if (found !== undefined) return found;
    }
  }

  /** Changes a document; `change` is called again if another one was faster. Undefined: there is none. */
  async change(key: string, change: (value: T) => T | Promise<T>): Promise<T | undefined> {
    for (;;) {
      const found = await this.#read(key);
      if (found === undefined) return undefined;
      const next = await change(found.value);
      if (next === found.value) return next;
      const text = JSON.stringify(next);
      const written = await this.#records.put(this.#collection, key, { text, expected: found.version });
      if (written !== "conflict") return next;
    }
  }

  async remove(key: string): Promise<void> {
    await this.#records.remove(this.#collection, key);
  }

  async page(options: {
    readonly prefix?: string;
    readonly after: string | undefined;
    readonly limit: number;
  }): Promise<Page<T>> {
    const found = await this.#records.list(this.#collection, { ...options, limit: options.limit + 1 });
    const shown = found.slice(0, options.limit);
    return {
      items: shown.map(({ text }) => JSON.parse(text) as T),
      next: found.length > shown.length ? shown.at(-1)?.key : undefined,
    };
  }

  async #read(key: string): Promise<{ readonly value: T; readonly version: number } | undefined> {
    const found = await this.#records.get(this.#collection, key);
    return found === undefined ? undefined : { value: JSON.parse(found.text) as T, version: found.version };
  }
}
