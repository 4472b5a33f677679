/**
 * The store as one life of a worker sees it: across a network, with faults.
 *
 * Each operation is a request that takes time, may be lost on its way or on its way back (`DRM-STORE-UNAVAILABLE` either way), and may be the last thing that
 * the worker ever does. What has reached the server happens, whether the worker is still there or not. A dead worker gets no answers.
 */
import { DarumaError } from "../../src/core/errors.ts";
import type { CommitRequest, CommitResult } from "../../src/store/commit.ts";
import type { Store } from "../../src/store/store.ts";
import type { Dice } from "./dice.ts";
import type { Process } from "./scheduler.ts";
import type { Weather } from "./weather.ts";

/** What goes wrong with one operation. */
type Fault = "lost" | "unanswered" | "deadly";

export interface SimulatedStoreOptions {
  /** What the operations do. */
  readonly store: Store;
  /** The worker. */
  readonly process: Process;
  readonly server: Process;
  readonly dice: Dice;
  /** The weather now. */
  readonly weather: () => Weather;
  /** A commit's answer has reached the worker. */
  readonly acknowledged: (request: CommitRequest, result: CommitResult) => void;
  /** The worker dies. */
  readonly crash: (why: string) => void;
  readonly trace: (text: string) => void;
  /** Say what commits hold. */
  readonly detailed: boolean;
}

/** A store behind a network. */
export function simulatedStore(options: SimulatedStoreOptions): Store {
  const { store } = options;
  const ask = <T>(name: string, work: () => Promise<T>): Promise<T> => request(options, name, work);
  return {
    runs: {
      byId: (id) => ask("byId", () => store.runs.byId(id)),
      byKey: (key) => ask("byKey", () => store.runs.byKey(key)),
      list: (filter) => ask("list", () => store.runs.list(filter)),
      reserveKeys: (count) => ask("reserveKeys", () => store.runs.reserveKeys(count)),
      due: (query) => ask("due", () => store.runs.due(query)),
      nextWake: (after) => ask("nextWake", () => store.runs.nextWake(after)),
      claim: (session, keys) => ask(`claim ${keys.join(",")}`, () => store.runs.claim(session, keys)),
      removeClosed: (before, limit) => ask("removeClosed", () => store.runs.removeClosed(before, limit)),
    },
    history: {
      read: (key, from, limit) => ask(`read ${key}`, () => store.history.read(key, from, limit)),
      last: (key) => ask(`last ${key}`, () => store.history.last(key)),
      heartbeats: (key) => ask(`heartbeats ${key}`, () => store.history.heartbeats(key)),
    },
    inbox: { read: (key) => ask(`inbox ${key}`, () => store.inbox.read(key)) },
    sessions: {
      open: (label, leaseMs) => ask("open", () => store.sessions.open(label, leaseMs)),
      renew: (session, leaseMs) => ask("renew", () => store.sessions.renew(session, leaseMs)),
      close: (session) => ask("close", () => store.sessions.close(session)),
    },
    records: store.records,
    commit: (commit) =>
      acknowledged(
        options,
        commit,
        ask(summary(commit, options.detailed), () => store.commit(commit)),
      ),
    listen: (wake) => listen(options, wake),
    isShared: () => options.weather().workers > 1,
    close: () => store.close(),
  };
}

/** A commit, for the trace. */
function summary({ operation, runs, messages }: CommitRequest, detailed: boolean): string {
  if (!detailed) return `commit ${operation}`;
  const writes = runs.map(
    ({ key, epoch, head, events, consumed = [], state }) =>
      `\n            ${key} epoch ${epoch} head ${head} wake ${state.wakeAt} consumed ${consumed.join(",")} ${events.slice(0, 2_000)}`,
  );
  return `commit ${operation}${writes.join("")}${messages.map((one) => `\n            ${JSON.stringify(one)}`).join("")}`;
}

async function acknowledged(
  options: SimulatedStoreOptions,
  commit: CommitRequest,
  answer: Promise<CommitResult>,
): Promise<CommitResult> {
  const result = await answer;
  options.acknowledged(commit, result);
  return result;
}

function faultOf(dice: Dice, { errorBefore, errorAfter, crash }: Weather): Fault | undefined {
  const number = dice.number();
  if (number < errorBefore) return "lost";
  if (number < errorBefore + errorAfter) return "unanswered";
  return number < errorBefore + errorAfter + crash ? "deadly" : undefined;
}

function request<T>(options: SimulatedStoreOptions, name: string, work: () => Promise<T>): Promise<T> {
  const { process, server, dice, weather } = options;
  if (!process.alive) return new Promise(() => {});
  const now = weather();
  const delay = (): number => (dice.chance(now.delay) ? dice.between(1, now.delayMs) : 0);
  const fault = faultOf(dice, now);
  const there = delay();
  const back = delay();
  const arrives = fault !== "lost" && !(fault === "deadly" && dice.chance(0.5));
  options.trace(
    `${process.name} asks ${name}${fault === undefined ? "" : ` (${fault}${arrives ? "" : ", never arrives"})`}`,
  );
  if (fault === "deadly") options.crash(`asking ${name}`);
  return new Promise((resolve, reject) => {
    const answer = (settle: () => void): void => process.arrive(back, settle);
    if (!arrives) return answer(() => reject(unavailable(name)));
    server.arrive(there, () => {
      work().then(
        (result) => answer(() => (fault === "unanswered" ? reject(unavailable(name)) : resolve(result))),
        (error: unknown) => answer(() => reject(error)),
      );
    });
  });
}

function unavailable(name: string): DarumaError {
  return new DarumaError("DRM-STORE-UNAVAILABLE", { message: `Nobody knows what became of ${name}.` });
}

function listen(
  { store, process, dice, weather }: SimulatedStoreOptions,
  wake: (keys: readonly number[]) => void,
): () => void {
  return store.listen((keys) => {
    if (!dice.chance(weather().deaf)) process.answer(() => wake(keys));
  });
}
