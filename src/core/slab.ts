/** Items at small whole numbers that are used again when an item is gone. */
export class Slab<T> {
  readonly #items: (T | undefined)[] = [];
  readonly #free: number[] = [];

  /** The item's place, until it is freed. */
  add(item: T): number {
    const place = this.#free.pop() ?? this.#items.length;
    this.#items[place] = item;
    return place;
  }

  at(place: number | undefined): T | undefined {
    return place === undefined ? undefined : this.#items[place];
  }

  /** Puts another item in the place of one that is there. */
  put(place: number, item: T): void {
    this.#items[place] = item;
  }

  free(place: number): void {
    this.#items[place] = undefined;
    this.#free.push(place);
  }

  all(): T[] {
    return this.#items.filter((item) => item !== undefined);
  }
}
