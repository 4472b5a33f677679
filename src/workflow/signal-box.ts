/**
 * Signals of one run: kept per name, in order, until they are received or handled (S1).
 */
import type { RunContext } from "./run-context.ts";
import { runInScope } from "./seam.ts";

interface Receiver {
  readonly since: number;
  readonly take: (payload: unknown) => void;
}

interface Line {
  readonly kept: unknown[];
  readonly receivers: Set<Receiver>;
  handler?: ((payload: unknown) => unknown) | undefined;
}

/** The signals of one run. */
export class SignalBox {
  readonly #run: RunContext;
  readonly #lines: Map<string, Line> = new Map();
  /** How many signals are kept, of all names. */
  #total = 0;

  constructor(run: RunContext) {
    this.#run = run;
  }

  #line(name: string): Line {
    let line = this.#lines.get(name);
    if (line === undefined) this.#lines.set(name, (line = { kept: [], receivers: new Set() }));
    return line;
  }

  /** A signal has come: to whoever waits longest, else to the handler, else it is kept. */
  arrive(name: string, payload: unknown): void {
    const line = this.#line(name);
    const [receiver] = line.receivers;
    if (receiver !== undefined) {
      line.receivers.delete(receiver);
      receiver.take(payload);
    } else if (line.handler !== undefined) {
      this.#handle(line.handler, payload);
    } else {
      line.kept.push(payload);
      this.#total++;
    }
  }

  /** Takes the oldest kept signal, or waits. Returns the way to stop waiting. */
  receive(name: string, take: (payload: unknown) => void): () => void {
    const line = this.#line(name);
    if (line.kept.length > 0) {
      this.#total--;
      take(line.kept.shift());
      return () => {};
    }
    const receiver: Receiver = { since: this.#run.seam.now(), take };
    line.receivers.add(receiver);
    return () => line.receivers.delete(receiver);
  }

  /** From now on `handler` gets every signal that nobody is waiting for, the kept ones first. */
  handle(name: string, handler: (payload: unknown) => unknown): void {
    const line = this.#line(name);
    line.handler = handler;
    this.#total -= line.kept.length;
    for (const payload of line.kept.splice(0)) this.#handle(handler, payload);
  }

  #handle(handler: (payload: unknown) => unknown, payload: unknown): void {
    // A handler that fails has failed its run's code: the engine sees it as an unhandled rejection of the run.
    const done = runInScope(this.#run.root, async () => handler(payload));
    done.catch((error: unknown) => this.#run.fail(error));
  }

  get total(): number {
    return this.#total;
  }

  /** How many signals of this name are kept. */
  count(name: string): number {
    return this.#lines.get(name)?.kept.length ?? 0;
  }

  /** Everything kept, in order of arrival per name, for the run that continues this one. */
  kept(): { readonly name: string; readonly payload: unknown }[] {
    return [...this.#lines].flatMap(([name, line]) => line.kept.map((payload) => ({ name, payload })));
  }

  /** True if signals of this name have a handler. */
  handles(name: string): boolean {
    return this.#lines.get(name)?.handler !== undefined;
  }

  /** True if some signal, when it comes, will be taken by a receiver or a handler. */
  get listening(): boolean {
    return [...this.#lines.values()].some((line) => line.receivers.size > 0 || line.handler !== undefined);
  }

  waits(): { readonly what: string; readonly since: number }[] {
    return [...this.#lines].flatMap(([name, line]) =>
      [...line.receivers].map(({ since }) => ({ what: `signal ${name}`, since })),
    );
  }
}
