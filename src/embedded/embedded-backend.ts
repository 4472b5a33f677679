/** The backend of a client in the same process as the engine. */
import type {
  Backend,
  BackendStart,
  ListFilter,
  RunDescription,
  RunPage,
  RunSummary,
} from "../client/backend.ts";
import { numbered } from "../client/backend.ts";
import type { Event, HistoryEvent } from "../core/events.ts";
import { decodePayload, encodePayload } from "../core/payload.ts";
import type { Payload } from "../core/payload.ts";
import { isClosed } from "../core/status.ts";
import { closeEngine } from "../engine/create-engine.ts";
import { describeRun } from "../engine/describe.ts";
import type { Engine } from "../engine/engine.ts";
import type { RunRow } from "../store/runs.ts";

/** Runs everything on `engine`. Closing drains for up to `drainMs`, then closes the store. */
export function embeddedBackend(engine: Engine, drainMs: number): Backend {
  const { store } = engine.state.options;
  return {
    start: async (request: BackendStart) => void (await engine.start(request)),
    send: (id, message, operation) => engine.send(id, message, operation),
    update: (id, name, { payload, operation }) => engine.update(id, { name, payload }, operation),
    query: async (id, name, args) => answer(await engine.query(id, name, decodePayload(args) as unknown[])),
    result: async (id) => (await engine.result(id)).result,
    describe: (id) => describe(engine, id),
    history: (id, options) => follow(engine, id, options),
    list: (filter, page) => list(engine, filter, page),
    close: async () => {
      await closeEngine(engine, drainMs);
      await store.close();
    },
  };
}

function answer(value: unknown): Payload | undefined {
  return value === undefined ? undefined : encodePayload(value, { subject: "the answer of a query" });
}

function summary(row: RunRow): RunSummary {
  const { id, generation, workflow, status, paused, parked, createdAt, closedAt, head } = row;
  return {
    id,
    generation,
    workflow,
    status,
    paused,
    parked: parked !== undefined,
    createdAt,
    closedAt,
    historyLength: head,
  };
}

async function list(
  engine: Engine,
  filter: ListFilter,
  page: { readonly before?: number | undefined; readonly limit: number },
): Promise<RunPage> {
  const rows = await engine.state.options.store.runs.list({ ...filter, ...page });
  const runs = rows.map(summary);
  return rows.length < page.limit ? { runs } : { runs, next: rows.at(-1)?.key };
}

async function describe(engine: Engine, id: string): Promise<RunDescription> {
  const row = await engine.row(id);
  return { ...summary(row), ...(await describeRun(engine.state, row)) };
}

const chunks = 64;

async function* follow(
  engine: Engine,
  id: string,
  { from, follow: following }: { readonly from: number; readonly follow: boolean },
): AsyncGenerator<HistoryEvent> {
  const { key } = await engine.row(id);
  const { store } = engine.state.options;
  let next = from;
  for (;;) {
    const news = Promise.withResolvers<void>();
    const unfollow = listen(engine, key, news.resolve);
    try {
      const page = await store.history.read(key, next, chunks);
      for (const { seq, events } of page) {
        for (const event of numbered(JSON.parse(events) as Event[], seq)) if (event.seq >= next) yield event;
        next = Math.max(next, seq + (JSON.parse(events) as Event[]).length);
      }
      if (page.length === chunks) continue;
      const row = await store.runs.byKey(key);
      if (row !== undefined && row.head >= next) continue;
      if (!following || row === undefined || isClosed(row.status)) return;
      await news.promise;
    } finally {
      unfollow();
    }
  }
}

/** Calls `told` after the run's next commit, or when the engine is closing. */
function listen({ state }: Engine, key: number, told: () => void): () => void {
  const followers = state.followers.get(key) ?? new Set();
  followers.add(told);
  state.followers.set(key, followers);
  return () => {
    followers.delete(told);
    if (followers.size === 0) state.followers.delete(key);
  };
}
