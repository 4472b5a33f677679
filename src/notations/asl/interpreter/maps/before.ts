/**
 * What a redriven map run knows of its children from before. There may be very many, so it is read page by page, as their turn comes.
 *
 * Invariant: what was read is recorded, so that a replay finds the same children.
 */
import type { ChildBefore, ChildrenBeforeCall } from "../../task-host.ts";
import type { World } from "../world.ts";

export class ChildrenFromBefore {
  readonly #world: World;
  readonly #call: Omit<ChildrenBeforeCall, "from">;
  #first = 0;
  #page: readonly (ChildBefore | null)[] = [];
  #over = false;

  constructor(world: World, call: Omit<ChildrenBeforeCall, "from">) {
    this.#world = world;
    this.#call = call;
  }

  /** The child at this place, undefined if it had not begun. To be asked for one place after the other. */
  async at(index: number): Promise<ChildBefore | undefined> {
    while (!this.#over && index >= this.#first + this.#page.length) await this.#turn();
    return this.#page[index - this.#first] ?? undefined;
  }

  async #turn(): Promise<void> {
    this.#first += this.#page.length;
    const { children } = await this.#world.childrenBefore({ ...this.#call, from: this.#first });
    this.#page = children;
    this.#over = children.length === 0;
  }
}
