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
import { forkRun, retryRun } from "../engine/fork/fork.ts";
import { outsideOnly } from "../engine/guard/forbid.ts";
import type { RunRow } from "../store/runs.ts";
import { notFromWorkflows } from "./from-workflows.ts";
import { completed } from "./named-start.ts";

/** Runs everything on `engine`. Closing drains for up to `drainMs`, calls `drained`, then closes the store. */
export function embeddedBackend(
  engine: Engine,
  drainMs: number,
  drained: () => Promise<void> = async () => {},
): Backend {
  const { store } = engine.state.options;
  const backend: Backend = {
    start: (request: BackendStart) => start(engine, request),
    fork: (id, request) => forkRun(engine.state, id, request),
    retry: (id, request) => retryRun(engine.state, id, request),
    send: (id, message, operation) => engine.send(id, message, operation),
    update: (id, name, { payload, operation }) => engine.update(id, { name, payload }, operation),
    query: async (id, name, args) => answer(await engine.query(id, name, decodePayload(args) as unknown[])),
    result: async (id) => (await engine.result(id)).result,
    describe: (id) => describe(engine, id),
    summary: async (id) => summary(await engine.row(id)),
    history: (id, options) => follow(engine, id, options),
    list: (filter, page) => list(engine, filter, page),
    close: async () => {
      await closeEngine(engine, drainMs);
      await drained();
      await store.close();
    },
  };
  return outsideOnly(backend, notFromWorkflows);
}

async function start(engine: Engine, request: BackendStart): Promise<void> {
  await engine.start(await completed(request, engine.state.workflows.get(request.workflow)));
}

/** An answer is not stored, and may have much in it that is. */
const answerBytes = 64 * 1024 * 1024;

function answer(value: unknown): Payload | undefined {
  const options = { subject: "the answer of a query", maxBytes: answerBytes };
  return value === undefined ? undefined : encodePayload(value, options);
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

/** The events from number `from` on that are there now. */
async function* eventsFrom(engine: Engine, key: number, from: number): AsyncGenerator<HistoryEvent> {
  const { history } = engine.state.options.store;
  let next = from;
  for (;;) {
    const page = await history.read(key, next, chunks);
    const events = page.flatMap((chunk) => numbered(JSON.parse(chunk.events) as Event[], chunk.seq));
    yield* events.filter(({ seq }) => seq >= next);
    next = Math.max(next, (events.at(-1)?.seq ?? 0) + 1);
    if (page.length < chunks) return;
  }
}

async function* follow(
  engine: Engine,
  id: string,
  options: { readonly from: number; readonly follow: boolean },
): AsyncGenerator<HistoryEvent> {
  const { key } = await engine.row(id);
  let next = options.from;
  for (;;) {
    const news = Promise.withResolvers<void>();
    const unfollow = listen(engine, key, news.resolve);
    try {
      for await (const event of eventsFrom(engine, key, next)) {
        next = event.seq + 1;
        yield event;
      }
      if (!options.follow || (await isOver(engine, key, next))) return;
      await news.promise;
    } finally {
      unfollow();
    }
  }
}

/** True if no event will come after the one before `next`. An event that came meanwhile is told of by the listener. */
async function isOver({ state }: Engine, key: number, next: number): Promise<boolean> {
  if (state.closed) return true;
  const row = await state.options.store.runs.byKey(key);
  return row === undefined || (isClosed(row.status) && row.head < next);
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
