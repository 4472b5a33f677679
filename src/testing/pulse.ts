/** A signal that something has changed, for those who wait for something to change. */
export class Pulse {
  #next: PromiseWithResolvers<void> | undefined;

  /** Resolves at the next beat. */
  next(): Promise<void> {
    this.#next ??= Promise.withResolvers<void>();
    return this.#next.promise;
  }

  // A field, because it is handed on as a function.
  readonly beat: () => void = () => {
    this.#next?.resolve();
    this.#next = undefined;
  };
}
