/** Makes programs: random trees of everything that workflow code can do. */
import type { Dice } from "./dice.ts";
import { signalNames } from "./program.ts";
import type { ChildNode, Node, Plan, Program } from "./program.ts";

const times = [0, 1, 5, 50, 400, 3_000, 20_000];

type Maker = (depth: number) => Node;

/** Generates the programs of one simulation. */
export class Generator {
  readonly #dice: Dice;
  readonly #makers: readonly Maker[];
  #labels = 0;
  /** How many more nodes there may be. */
  #room = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#makers = this.#choose(dice);
  }

  /** The program of a run that a client starts. */
  root(): Program {
    this.#room = this.#dice.between(1, 24);
    const count = this.#dice.chance(0.15) ? this.#dice.between(2, 3) : 1;
    return this.#program(count, 0);
  }

  /** Each simulation uses some kinds of nodes and not others: rare meetings become likely. */
  #choose(dice: Dice): Maker[] {
    const inner: Maker[] = [
      (depth) => ({ do: dice.pick(["all", "race", "any", "settled"] as const), nodes: this.#nodes(depth) }),
      (depth) => ({ do: "seq", nodes: this.#nodes(depth) }),
      (depth) => this.#some(depth),
      (depth) => ({ do: "map", concurrency: dice.between(1, 3), nodes: this.#nodes(depth) }),
      (depth) => ({ do: "limit", ms: dice.pick(times), node: this.#node(depth + 1) }),
      (depth) => ({ do: dice.pick(["shield", "try"] as const), node: this.#node(depth + 1) }),
      () => ({ do: "receive", name: dice.pick(signalNames), ms: this.#maybe(dice.pick(times)) }),
      () => ({ do: "until", count: dice.between(1, 3), ms: this.#maybe(dice.pick(times)) }),
      (depth) => this.#child(depth),
      (depth) => ({ do: "version", id: dice.pick(["v0", "v1"]), node: this.#node(depth + 1) }),
    ];
    return inner.filter(() => dice.chance(0.6));
  }

  #program(generations: number, depth: number): Program {
    return {
      generations: Array.from({ length: generations }, () => this.#node(depth)),
      cleanup: this.#dice.chance(0.4) ? this.#label() : undefined,
      raw: this.#dice.chance(0.3),
    };
  }

  #node(depth: number): Node {
    this.#room--;
    const deep = depth > 4 || this.#room <= 0;
    if (!deep && this.#makers.length > 0 && this.#dice.chance(depth === 0 ? 0.95 : 0.6))
      return this.#dice.pick(this.#makers)(depth);
    if (this.#dice.chance(0.3)) return { do: "sleep", ms: this.#dice.pick(times) };
    return { do: "act", label: this.#label(), plan: this.#plan(), ms: this.#dice.pick([0, 0, 1, 20, 700]) };
  }

  #nodes(depth: number): Node[] {
    return Array.from({ length: this.#dice.between(1, 4) }, () => this.#node(depth + 1));
  }

  #plan(): Plan {
    const dice = this.#dice;
    if (dice.chance(0.5)) return { kind: "flaky", failures: 0, attempts: 1 };
    return dice.pick<() => Plan>([
      () => ({ kind: "flaky", failures: dice.between(1, 4), attempts: dice.between(1, 4) }),
      () => ({ kind: "fatal" }),
      () => ({ kind: "slow", attempts: dice.between(1, 2), deaf: dice.chance(0.5) }),
      () => ({ kind: "beat", beats: dice.between(1, 4), silent: dice.chance(0.3) }),
      () => ({ kind: "late" }),
      () => ({ kind: "queued" }),
    ])();
  }

  #some(depth: number): Node {
    const nodes = this.#nodes(depth);
    return {
      do: "some",
      count: this.#dice.between(1, nodes.length),
      nodes,
      ms: this.#maybe(this.#dice.pick(times)),
    };
  }

  #child(depth: number): ChildNode {
    const dice = this.#dice;
    return {
      do: "child",
      program: this.#program(dice.chance(0.1) ? 2 : 1, depth + 1),
      id: dice.chance(0.2) ? dice.pick(["twin-0", "twin-1", "root-0"]) : undefined,
      close: dice.pick(["terminate", "cancel", "abandon"]),
      mode: dice.pick(["wait", "wait", "cancel", "tell", "leave"]),
      timeoutMs: dice.chance(0.1) ? dice.pick([1, 400, 20_000]) : undefined,
    };
  }

  #maybe(ms: number): number | undefined {
    return this.#dice.chance(0.5) ? ms : undefined;
  }

  #label(): string {
    return `a${this.#labels++}`;
  }
}
