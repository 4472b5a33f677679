/** Workflows made at random: trees of durable calls, whose result is the order in which everything settled. */
import { activity, activityContext, cancelable, query, signal, sleep, workflow, withTimeout } from "daruma";
import type { Query, Signal, Workflow } from "daruma";
import { seededRandom } from "../../src/core/random.ts";

export const tick: Signal<number> = signal<number>("tick");
export const trace: Query<readonly string[]> = query<readonly string[]>("trace");

/** Takes so many seconds; fails if it is told to. */
const work = activity(
  "work",
  async (name: string, seconds: number, fails: boolean) => {
    if (seconds > 0) await activityContext().sleep(seconds * 1000);
    if (fails) throw new Error(name);
    return name;
  },
  { retry: { maximumAttempts: 1 } },
);

type Node = () => Promise<unknown>;

/** What one run's code notes, in order. */
class Notes {
  readonly lines: string[] = [];

  /** A promise that notes when it settles. */
  watch<T>(name: string, promise: Promise<T>): Promise<T> {
    promise.then(
      () => this.lines.push(`${name} +`),
      (error: Error) => this.lines.push(`${name} - ${error.name}`),
    );
    return promise;
  }
}

/** A program is a function of its seed: built anew for each execution, so that executions share nothing. */
function program(seed: string, notes: Notes): Node {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let count = 0;
  const leaf = (): Node => {
    const name = `n${count++}`;
    const seconds = below(6);
    const kind = below(6);
    if (kind === 0) return () => notes.watch(`${name} sleep`, sleep(seconds * 1000));
    if (kind === 1) return () => notes.watch(`${name} signal`, tick.receive({ timeout: seconds * 1000 + 1 }));
    if (kind === 2) return async () => notes.watch(`${name} at once`, Promise.resolve(seconds));
    return () => notes.watch(`${name} work`, work(name, seconds, kind === 5));
  };
  const several = (depth: number): Node[] => Array.from({ length: 2 + below(3) }, () => node(depth - 1));
  const combined = (depth: number): Node => {
    const parts = several(depth);
    const name = `n${count++}`;
    const seconds = 1 + below(8);
    const started = (): Promise<unknown>[] => parts.map((part) => part());
    switch (below(7)) {
      case 0:
        return () => notes.watch(`${name} all`, Promise.all(started()));
      case 1:
        return () => notes.watch(`${name} race`, Promise.race(started()));
      case 2:
        return () => notes.watch(`${name} any`, Promise.any(started()));
      case 3:
        return () => notes.watch(`${name} settled`, Promise.allSettled(started()));
      case 4:
        return () =>
          notes.watch(
            `${name} limit`,
            withTimeout(seconds * 1000, async () => Promise.all(started())),
          );
      case 5:
        return () => {
          const [block, stop] = cancelable(async () => Promise.all(started()));
          sleep(seconds * 1000).then(
            () => stop(),
            () => {},
          );
          return notes.watch(`${name} stopped`, block);
        };
      default:
        return async () => {
          for (const part of parts) await part().catch(() => {});
          return notes.watch(`${name} sequence`, Promise.resolve());
        };
    }
  };
  const node = (depth: number): Node => (depth === 0 || below(3) === 0 ? leaf() : combined(depth));
  return combined(3);
}

/** The workflow: its input is the seed of its program, its result what it noted. */
export const random: Workflow<string, readonly string[]> = workflow("random", async (seed: string) => {
  const notes = new Notes();
  trace.handle(() => [...notes.lines]);
  await program(seed, notes)().catch((error: Error) => notes.lines.push(`end - ${error.name}`));
  return [...notes.lines];
});
