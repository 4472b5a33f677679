/**
 * Deliberate faults, to show that the simulation finds what it claims to find. Each is planted at a port of an engine, or between the engine and its store; the
 * engine's own code is the real one.
 */
import type { Event } from "../../src/core/events.ts";
import type { CommitRequest, CommitResult, RunWrite } from "../../src/store/commit.ts";
import type { HistoryChunk } from "../../src/store/history.ts";
import type { RunRow } from "../../src/store/runs.ts";
import type { Store } from "../../src/store/store.ts";
import type { Plant } from "./plant.ts";

/** A store whose commits are changed on their way. */
function changed(store: Store, change: (request: CommitRequest) => CommitRequest): Store {
  return { ...store, commit: (request) => store.commit(change(request)) };
}

/** Changes each run's write. */
function writes(change: (write: RunWrite) => RunWrite): (store: Store) => Store {
  return (store) => changed(store, (request) => ({ ...request, runs: request.runs.map(change) }));
}

/** Changes what is read of a history. */
function reads(change: (events: Event[], chunk: HistoryChunk) => Event[]): (store: Store) => Store {
  return (store) => ({
    ...store,
    history: {
      ...store.history,
      read: async (key, from, limit) => {
        const chunks = await store.history.read(key, from, limit);
        return chunks.map((chunk) => ({
          ...chunk,
          events: JSON.stringify(change(JSON.parse(chunk.events) as Event[], chunk)),
        }));
      },
    },
  });
}

/** What a store would answer that has kept everything. */
function promised(request: CommitRequest): CommitResult {
  const receipts = request.messages.map(() => ({ status: "kept", key: 0 }) as const);
  return { fenced: [], duplicates: [], receipts, notified: [] };
}

/** Lets each write through whatever the row says of holder and head. */
async function unfenced(store: Store, write: RunWrite): Promise<RunWrite> {
  const row: RunRow | undefined = write.create === undefined ? await store.runs.byKey(write.key) : undefined;
  return row === undefined ? write : { ...write, epoch: row.epoch, head: row.head };
}

/** All planted faults. */
export const plants: readonly Plant[] = [
  {
    name: "a commit is acknowledged and not made",
    store: (store, { dice }) => ({
      ...store,
      commit: async (request) => (dice.chance(0.1) ? promised(request) : store.commit(request)),
    }),
  },
  {
    name: "nobody checks epoch and head",
    store: (store) => ({
      ...store,
      commit: async (request) => {
        const runs = await Promise.all(request.runs.map((write) => unfenced(store, write)));
        return store.commit({ ...request, runs });
      },
    }),
  },
  {
    name: "the clock of the timers runs ahead",
    ports: (ports) => ({
      ...ports,
      clock: {
        now: () => ports.clock.now() + 60_000,
        alarm: (at, ring) => ports.clock.alarm(at - 60_000, ring),
      },
    }),
  },
  {
    name: "signals from outside are acknowledged and dropped",
    store: (store) => ({
      ...store,
      commit: async (request) => {
        const result = await store.commit({ ...request, messages: [] });
        return { ...result, receipts: promised(request).receipts };
      },
    }),
  },
  {
    name: "signals from outside arrive twice",
    store: (store) => ({
      ...store,
      commit: async (request) => {
        const again = request.messages.map((message) => ({
          ...message,
          operation: `${message.operation} again`,
        }));
        const result = await store.commit({ ...request, messages: [...request.messages, ...again] });
        return { ...result, receipts: result.receipts.slice(0, request.messages.length) };
      },
    }),
  },
  { name: "messages to other runs are lost", store: writes((write) => ({ ...write, messages: [] })) },
  { name: "children are not born", store: writes((write) => ({ ...write, children: [] })) },
  {
    name: "the row forgets when the run wants to wake",
    store: writes((write) => ({ ...write, state: { ...write.state, wakeAt: undefined } })),
  },
  {
    name: "a closed run stays open in its row",
    store: writes((write) => ({
      ...write,
      state: { ...write.state, status: "running", closedAt: undefined },
    })),
  },
  {
    name: "outcomes come in another order on replay",
    store: reads((events) => events.toReversed()),
  },
  {
    name: "a history is read without its last events",
    store: reads((events) => (events.length > 1 ? events.slice(0, -1) : events)),
  },
  {
    name: "results are changed on their way",
    store: reads((events) =>
      events.map((event) => (event.type === "activity_completed" ? { ...event, result: "0" } : event)),
    ),
  },
  {
    name: "turns end before their microtasks",
    ports: (ports) => ({ ...ports, settle: async () => {} }),
  },
  {
    name: "failed attempts are not noted",
    store: writes((write) => {
      const events = (JSON.parse(write.events) as Event[]).filter(({ type }) => type !== "activity_retrying");
      return { ...write, events: JSON.stringify(events), count: events.length };
    }),
  },
  {
    name: "messages are read newest first",
    store: (store) => ({
      ...store,
      inbox: { read: async (key) => (await store.inbox.read(key)).toReversed() },
    }),
  },
  {
    name: "a key is given to two runs",
    store: (store) => ({ ...store, runs: { ...store.runs, reserveKeys: async () => 1 } }),
  },
];
