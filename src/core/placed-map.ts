/**
 * A map for values that come and go: in the order of insertion, like `Map`, but its table holds places of a slab instead of the values.
 *
 * Why: V8's table of a `Map` is replaced when it is full of entries that were deleted, and a discarded table links to its successor. One that has been promoted
 * to the old generation therefore keeps all later ones, and what they hold, until the next full collection: everything that passes through is promoted.
 */
import { Slab } from "./slab.ts";

export class PlacedMap<K extends number | string, V> {
  readonly #places: Map<K, number> = new Map();
  readonly #values: Slab<V> = new Slab();

  get size(): number {
    return this.#places.size;
  }

  has(key: K): boolean {
    return this.#places.has(key);
  }

  get(key: K): V | undefined {
    return this.#values.at(this.#places.get(key));
  }

  set(key: K, value: V): void {
    const place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, this.#values.add(value));
    else this.#values.put(place, value);
  }

  delete(key: K): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    this.#values.free(place);
    return this.#places.delete(key);
  }

  clear(): void {
    for (const place of this.#places.values()) this.#values.free(place);
    this.#places.clear();
  }

  keys(): MapIterator<K> {
    return this.#places.keys();
  }

  *[Symbol.iterator](): Generator<[K, V]> {
    for (const [key, place] of this.#places) yield [key, this.#values.at(place) as V];
  }

  *values(): Generator<V> {
    for (const place of this.#places.values()) yield this.#values.at(place) as V;
  }
}
