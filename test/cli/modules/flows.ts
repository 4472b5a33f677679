// Workflows for the tests of the command line.
import { activity, child, condition, query, signal, sleep, update, workflow } from "daruma";

const greet = activity("greet", async (name: string) => `Hello, ${name}!`);
const fail = activity(
  "fail",
  async (what: string) => {
    throw new TypeError(what);
  },
  { retry: { maximumAttempts: 2, backoff: { type: "fixed", initialInterval: 1 } } },
);

export const approve = signal<{ by: string }>("approve");
export const status = query<string, [string]>("status");
export const rename = update<string, string>("rename");

export const hello = workflow("hello", async (name: string) => greet(name));

export const broken = workflow("broken", async () => fail("no \u001b[31mred\u001b[0m"));

/** Waits for a signal, answers a query and an update. */
export const waiting = workflow("waiting", async (name: string) => {
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
});

export const sleeper = workflow("sleeper", async () => sleep("90d"));

export const parent = workflow("parent", async () => child(hello, "child"));

export const limited = workflow("limited", async () => condition(() => false), { timeout: 50 });

/** A value that JSON has no form for. */
export const dated = workflow("dated", async () => new Map([["at", new Date(0)]]));
