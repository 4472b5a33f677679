/** Where a deliberate fault can be planted: at the ports of an engine and between it and its store. Production code knows nothing of it. */
import type { Clock, Ports } from "../../src/core/ports.ts";
import type { Store } from "../../src/store/store.ts";
import type { Dice } from "./dice.ts";
import type { Process } from "./scheduler.ts";
import type { World } from "./world.ts";

/** What a planted fault can see. */
export interface Planted {
  readonly process: Process;
  readonly world: World;
  /** The worker's own clock. */
  readonly clock: Clock;
  readonly dice: Dice;
}

export interface Plant {
  readonly name: string;
  /** The store with the fault. */
  readonly store?: (store: Store, planted: Planted) => Store;
  /** The ports with the fault. */
  readonly ports?: (ports: Ports, planted: Planted) => Ports;
}

export const noPlant: Plant = { name: "nothing" };
