/* State machines on Daruma as a library: a SQLite file for each, in the process that measures. */
import { join } from "node:path";
import { Daruma } from "daruma";
import { stateMachine } from "daruma/asl";
import type { Json } from "daruma/asl";
import type { MachineSubject } from "./compare.ts";
import { Identity } from "./handlers.ts";

/** Daruma, embedded. */
export async function openEmbedded(folder: string): Promise<MachineSubject> {
  const opened: Daruma[] = [];
  return {
    name: "daruma",
    note: "Embedded, a SQLite file for each machine, defaults; the determinism check of development is off, as in production.",
    transport: "in-process",
    durability: "SQLite WAL, synchronous=FULL (set, read back and checked at every open)",
    async deploy(name, definition) {
      const machine = stateMachine(definition, { name, handlers: { Identity } });
      const daruma = await Daruma.open(`sqlite:${join(folder, `embedded-${name}.db`)}`, {
        workflows: [machine],
        checkDeterminism: false,
      });
      opened.push(daruma);
      return async (input) => (await daruma.start(machine, { input: input as Json })).result();
    },
    async close() {
      for (const daruma of opened) await daruma.close();
    },
  };
}
