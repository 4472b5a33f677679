// Code as users of version 0.1 wrote it. Never changed: `histories/` holds what its runs recorded.
import {
  activity,
  activityContext,
  ApplicationError,
  cancelable,
  child,
  condition,
  continueAsNew,
  defaultVersion,
  getVersion,
  inCompletionOrder,
  mapConcurrent,
  patched,
  query,
  runInfo,
  shielded,
  signal,
  sleep,
  sleepUntil,
  some,
  update,
  withTimeout,
  workflow,
} from "daruma";
import type { Activity, AnyWorkflow, Signal, Update } from "daruma";

export const go: Signal<unknown> = signal<unknown>("go");
export const add: Update<number, number> = update<number, number>("add");

/** How often each activity was called, so that one can fail at first. */
const calls = new Map<string, number>();

export const work: Activity<[name: string, seconds: number], string> = activity(
  "work",
  async (name, seconds) => {
    await activityContext().sleep(seconds * 1000);
    return name;
  },
);

const flaky = activity(
  "flaky",
  async (name: string) => {
    const count = (calls.get(name) ?? 0) + 1;
    calls.set(name, count);
    activityContext().heartbeat({ count });
    if (count < 3) throw new ApplicationError(`call ${count}`, { type: "QuotaError", details: { left: 0n } });
    return count;
  },
  { retry: { maximumAttempts: 3, backoff: { type: "linear", initialInterval: "1s", increment: "2s" } } },
);

const broken = activity(
  "broken",
  async () => {
    throw new RangeError("always", { cause: new TypeError("inner") });
  },
  { retry: { maximumAttempts: 2, backoff: { type: "fixed", initialInterval: "1s" } } },
);

const echo = activity("echo", async (value: unknown) => value);

export const activities: AnyWorkflow = workflow("activities", async (topic: string) => {
  const first = await work.with({ startToCloseTimeout: "1m", taskQueue: "special" })(topic, 1);
  const second = await flaky(runInfo().id);
  const error = await broken().catch((caught: Error) => `${caught.name}: ${caught.message}`);
  void work("not awaited", 1);
  return [first, second, error];
});

export const parallel: AnyWorkflow = workflow("parallel", async () => {
  const all = await Promise.all([work("a", 2), work("b", 1)]);
  const race = await Promise.race([work("c", 5), sleep("1s").then(() => "timer")]);
  const any = await Promise.any([broken(), work("d", 3)]);
  const order: string[] = [];
  for await (const { value } of inCompletionOrder([work("e", 3), work("f", 1), work("g", 2)]))
    order.push(value);
  const map = await mapConcurrent(["h", "i", "j"], (name) => work(name, 1), { concurrency: 2 });
  const quorum = await some(
    2,
    ["k", "l", "m"].map((name, index) => () => work(name, index + 1)),
    { timeout: "2m" },
  );
  return { all, race, any, order, map, quorum: quorum.results.map(({ value }) => value) };
});

export const time: AnyWorkflow = workflow("time", async () => {
  const start = runInfo().startedAt;
  await sleep("25d");
  await sleepUntil(start + 30 * 86_400_000);
  const late = await withTimeout("1m", () => withTimeout("1h", () => sleep("1d"))).catch(
    (error: Error) => error.name,
  );
  const [block, stop] = cancelable(async () => sleep("9d"));
  stop("seen enough");
  const stopped = await block.catch((error: Error) => error.name);
  return { passed: Date.now() - start, late, stopped, chance: Math.random(), id: crypto.randomUUID() };
});

export const messages: AnyWorkflow = workflow("messages", async () => {
  let sum = 0;
  const seen: unknown[] = [];
  query<number>("sum").handle(() => sum);
  add.handle(
    async (n) => {
      await work(`add ${n}`, 1);
      return (sum += n);
    },
    {
      validate: (n) => {
        if (n < 0) throw new RangeError("negative");
      },
    },
  );
  seen.push(await go.receive());
  seen.push(await go.receive({ timeout: "1m" }).catch((error: Error) => error.name));
  await condition(() => sum >= 10, "1d");
  go.handle((value) => void seen.push(value));
  await condition(() => seen.length >= 4);
  return { sum, seen };
});

export const kid: AnyWorkflow = workflow("kid", async (name: string) => {
  const heard = await go.receive();
  if (heard === "fail") throw new RangeError(`${name} fails`);
  return `${name} heard ${String(heard)}`;
});

export const parent: AnyWorkflow = workflow("parent", async () => {
  const good = child.start<string, string>("kid", "good", { id: "good-kid" });
  const bad = child.start<string, string>("kid", "bad", { parentClose: "cancel" });
  child.start("kid", "free", { id: "free-kid", parentClose: "abandon" });
  const taken = await child("kid", "twin", { id: "good-kid" }).catch((error: Error) => error.name);
  good.signal(go, "hello");
  bad.signal(go, "fail");
  const results = await Promise.allSettled([good.result(), bad.result()]);
  const late = child.start<string, string>("kid", "late", { timeout: "1h" });
  await sleep("1m");
  late.cancel("no longer needed");
  const canceled = await late.result().catch((error: Error) => error.name);
  return [taken, canceled, ...results.map(({ status }) => status)];
});

export const cleaning: AnyWorkflow = workflow("cleaning", async () => {
  try {
    await Promise.all([work("long", 9000), sleep("9d"), go.receive()]);
  } finally {
    await shielded(() => work("clean up", 60));
  }
});

export const generations: AnyWorkflow = workflow("generations", async (seen: readonly unknown[] = []) => {
  const all = [...seen, await go.receive()];
  return all.length === 2 ? all : continueAsNew(all);
});

export const versions: AnyWorkflow = workflow("versions", async () => {
  const first = getVersion("first_v1", defaultVersion, 2);
  await sleep("1h");
  return [first, patched("second_v1"), getVersion("first_v1", defaultVersion, 2)];
});

export const payloads: AnyWorkflow = workflow("payloads", async (input: unknown) => {
  const echoed = await echo({
    date: new Date(0),
    big: 2n ** 70n,
    map: new Map([["a", new Set([1, undefined])]]),
    bytes: new Uint8Array([1, 2, 3]),
    numbers: [Number.NaN, -0, Number.POSITIVE_INFINITY],
    error: new RangeError("outer", { cause: "inner" }),
  });
  const socket = await echo({ user: { socket: () => {} } }).catch((error: { path: string }) => error.path);
  return [input, echoed, socket];
});

export const failing: AnyWorkflow = workflow("failing", async () => {
  await broken();
});

export const open: AnyWorkflow = workflow("open", async () => {
  const waiting = [work("hangs", 999_999), sleep("99d"), go.receive({ timeout: "50d" })];
  return Promise.race(waiting);
});

/** All of them. */
export const workflows: readonly AnyWorkflow[] = [
  activities,
  parallel,
  time,
  messages,
  kid,
  parent,
  cleaning,
  generations,
  versions,
  payloads,
  failing,
  open,
];
