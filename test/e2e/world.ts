/** A world that takes its time, fails now and then, gives another receipt to each attempt (so that it can be told whose answer counted), and writes down every call. */
import { setTimeout as pause } from "node:timers/promises";
import type { World } from "../../examples/orders/world.ts";
import { seededRandom } from "../../src/core/random.ts";
import type { Fate } from "./fate.ts";
import type { Ledger } from "./ledger.ts";

/** The world of one worker. */
export function ledgerWorld(ledger: Ledger, fate: Fate): World {
  const { pid } = process;
  return {
    async perform({ idempotencyKey: key, attempt }) {
      ledger.add({ type: "started", key, attempt, pid });
      fate.pass("activity-started");
      const random = seededRandom(`${key} ${attempt}`);
      if (random() < 0.7) await pause(random() * 4);
      if (random() < 0.08) {
        ledger.add({ type: "failed", key, attempt, pid });
        throw new Error("The world is not in the mood.");
      }
      const receipt = `receipt of ${key}, attempt ${attempt}, process ${pid}`;
      ledger.add({ type: "finished", key, attempt, pid, receipt });
      fate.pass("activity-finished");
      return receipt;
    },
  };
}
