/* What the tasks of the benchmark's state machines call. */

/** Gives back what it gets. */
export function Identity<T>(input: T): T {
  return input;
}
