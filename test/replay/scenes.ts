/** How the histories of the newest version are recorded: what each run goes through. */
import type { HistoryEvent } from "../../src/core/events.ts";
import { historyOf, World } from "../support/world.ts";
import type { Worker } from "../support/world.ts";
import { add, go, workflows } from "./0.1/workflows.ts";

/** A run, and what happens to it. The worker may be another one afterwards. */
interface Scene {
  readonly workflow: string;
  readonly input?: unknown;
  readonly timeout?: string;
  readonly next?: (daruma: Worker, world: World) => Promise<Worker | undefined>;
}

const options = { checkDeterminism: false };

/** Scenes by the id of their run, which is also the name of the file. */
export const scenes: Readonly<Record<string, Scene>> = {
  activities: { workflow: "activities", input: "eggs" },
  parallel: { workflow: "parallel" },
  time: { workflow: "time" },
  messages: {
    workflow: "messages",
    next: async (daruma, world) => {
      const run = daruma.get("messages");
      await run.signal(go, null);
      await world.advance("2m");
      await world.failure(run.update(add, -1));
      await world.until(run.update(add, 4));
      await world.until(run.update(add, 7));
      await run.signal(go, { by: "mika" });
      await run.signal(go, "last");
      return undefined;
    },
  },
  parent: { workflow: "parent" },
  canceled: {
    workflow: "cleaning",
    next: async (daruma, world) => {
      await world.advance("1h");
      await daruma.get("canceled").cancel("enough");
      return undefined;
    },
  },
  terminated: {
    workflow: "cleaning",
    next: async (daruma, world) => {
      await world.advance("1h");
      await daruma.get("terminated").terminate("no time");
      return undefined;
    },
  },
  "timed-out": { workflow: "cleaning", timeout: "1h" },
  generations: {
    workflow: "generations",
    next: async (daruma) => {
      const run = daruma.get("generations");
      await Promise.all([run.signal(go, "one"), run.signal(go, "two")]);
      return undefined;
    },
  },
  versions: { workflow: "versions" },
  payloads: { workflow: "payloads", input: { when: new Date(1_700_000_000_000), amount: 12n } },
  failing: { workflow: "failing" },
  "paused-and-crashed": {
    workflow: "activities",
    input: "bacon",
    next: async (daruma, world) => {
      await daruma.get("paused-and-crashed").pause("lunch");
      await world.advance("1h");
      const after = await world.restart(workflows, options);
      await after.get("paused-and-crashed").resume();
      return after;
    },
  },
  retried: {
    workflow: "failing",
    next: async (daruma, world) => {
      const run = daruma.get("retried");
      await world.failure(run.result());
      await world.advance("1d");
      await run.retry();
      return undefined;
    },
  },
  open: {
    workflow: "open",
    next: async (_daruma, world) => {
      await world.advance("1d");
      return world.restart(workflows, options);
    },
  },
};

/** Plays a scene; the history of its run, up to its end or until nothing more happens. */
export async function play(id: string): Promise<HistoryEvent[]> {
  const scene = scenes[id];
  if (scene === undefined) throw new Error(`there is no scene ${id}`);
  const world = new World();
  const daruma = await world.open(workflows, options);
  const { workflow, input, timeout, next } = scene;
  await daruma.start(workflow, { id, input, timeout });
  await world.quiet();
  const after = (await next?.(daruma, world)) ?? daruma;
  if (id !== "open")
    await world.until(
      after
        .get(id)
        .result()
        .catch(() => {}),
    );
  await world.quiet();
  return historyOf(after, id);
}
