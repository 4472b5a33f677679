/**
 * A list of what comes and goes, in the order in which it came. Whoever adds something gets a link, with which it is taken out again at the same cost.
 *
 * Why not a `Set`: see `placed-map.ts`. A link that was taken out holds nothing, so that one that has become old keeps nothing young alive.
 */

/** A place in a chain. */
export class Link<T> {
  item: T | undefined;
  before: Link<T> | undefined;
  after: Link<T> | undefined;

  constructor(item: T, before: Link<T> | undefined) {
    this.item = item;
    this.before = before;
    this.after = undefined;
  }
}

export class Chain<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;

  get empty(): boolean {
    return this.#first === undefined;
  }

  add(item: T): Link<T> {
    const link = new Link(item, this.#last);
    if (this.#last === undefined) this.#first = link;
    else this.#last.after = link;
    this.#last = link;
    return link;
  }

  /** Nothing happens the second time. */
  remove(link: Link<T>): void {
    if (link.item === undefined) return;
    const { before, after } = link;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    link.item = link.before = link.after = undefined;
  }

  /** Takes out what came first. */
  shift(): T | undefined {
    const item = this.#first?.item;
    if (this.#first !== undefined) this.remove(this.#first);
    return item;
  }

  /** All of it, oldest first. */
  items(): T[] {
    const items: T[] = [];
    for (let link = this.#first; link !== undefined; link = link.after) items.push(link.item as T);
    return items;
  }
}
