/**
 * One page of items. A page is the result of an activity, so it must stay small; a Distributed Map asks for the next one when it has started what it has.
 */
import type { Json } from "../../../notations/asl/json.ts";

const MAX_ITEMS = 1000;
const MAX_BYTES = 200 * 1024;

export class Page {
  readonly items: Json[] = [];
  readonly #most: number;
  #bytes = 0;

  /** @param most How many items may still come, over all pages. */
  constructor(most: number) {
    this.#most = Math.min(MAX_ITEMS, most);
  }

  /** Takes no more. One item is always taken, whatever its size. */
  get full(): boolean {
    return this.items.length >= this.#most || this.#bytes >= MAX_BYTES;
  }

  /** @param bytes About how long the item's text is. */
  add(item: Json, bytes: number): void {
    this.items.push(item);
    this.#bytes += bytes;
  }
}
