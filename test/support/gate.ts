/** A store whose commits can be held back, so that a test can look at the time between asking and having. */
import { DarumaError } from "daruma";
import type { Store } from "../../src/store/store.ts";

/** Where commits wait. */
export class Gate {
  #closed: PromiseWithResolvers<void> | undefined;
  /** How many of the next commits take effect but do not say so. */
  lostAnswers = 0;
  /** Commits that have come to the gate. */
  arrived = 0;

  /** From now on commits wait before they take effect. */
  shut(): void {
    this.#closed ??= Promise.withResolvers<void>();
  }

  /** Lets those that wait, and all that come, through. */
  open(): void {
    this.#closed?.resolve();
    this.#closed = undefined;
  }

  /** Puts the gate before a store. */
  readonly before: (store: Store) => Store = (store) => {
    const commit: Store["commit"] = async (request) => {
      this.arrived += 1;
      await this.#closed?.promise;
      const result = await store.commit(request);
      if (this.lostAnswers === 0) return result;
      this.lostAnswers -= 1;
      throw new DarumaError("DRM-STORE-UNAVAILABLE", { message: "The answer was lost." });
    };
    return { ...store, commit };
  };
}
