// Workflows for the tests of the command line.
import {
  activity,
  activityContext,
  child,
  condition,
  query,
  type Query,
  signal,
  type Signal,
  sleep,
  update,
  type Update,
  workflow,
  type Workflow,
} from "daruma";

const greet = activity("greet", async (name: string) => `Hello, ${name}!`);
const fail = activity(
  "fail",
  async (what: string) => {
    throw new TypeError(what);
  },
  { retry: { maximumAttempts: 2, backoff: { type: "fixed", initialInterval: 1 } } },
);

export const approve: Signal<{ by: string }> = signal("approve");
export const status: Query<string, [string]> = query("status");
export const rename: Update<string, string> = update("rename");

export const hello: Workflow<string, string> = workflow("hello", async (name: string) => greet(name));

export const broken: Workflow<void, never> = workflow("broken", async () =>
  fail("no \u001b[31mred\u001b[0m"),
);

/** Waits for a signal, answers a query and an update. */
export const waiting: Workflow<string, { called: string; by: string }> = workflow(
  "waiting",
  async (name: string) => {
    let called = name;
    status.handle((mark) => `${called}${mark}`);
    rename.handle(
      (next) => {
        const before = called;
        called = next;
        return before;
      },
      {
        validate: (next) => {
          if (next === "") throw new RangeError("a name must not be empty");
        },
      },
    );
    await greet(called);
    const { by } = await approve.receive();
    return { called, by };
  },
);

export const sleeper: Workflow<void, void> = workflow("sleeper", async () => sleep("90d"));

export const parent: Workflow<void, string> = workflow("parent", async () => child(hello, "child"));

export const limited: Workflow<void, void> = workflow("limited", async () => condition(() => false), {
  timeout: 50,
});

/** A value that JSON has no form for. */
export const dated: Workflow<void, Map<string, Date>> = workflow(
  "dated",
  async () => new Map([["at", new Date(0)]]),
);

const slow = activity("slow", async (ms: number) => {
  await activityContext().sleep(ms);
  return "slept";
});

/** One activity that takes so many milliseconds. */
export const working: Workflow<number, string> = workflow("working", async (ms) => slow(ms));
