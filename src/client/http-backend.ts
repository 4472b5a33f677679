/** The backend of a client that talks to another process: each call is one request to its server (`src/server/`). */
import type { HistoryEvent } from "../core/events.ts";
import type { Payload } from "../core/payload.ts";
import type { Backend, ListFilter, RunDescription, RunPage, RunSummary } from "./backend.ts";
import { callJson, callLines } from "./http-call.ts";
import type { Connection } from "./http-call.ts";
import { runPath } from "./http-words.ts";
import type { ValueBody } from "./http-words.ts";

/** Everything goes through `connection`. Closing it closes nothing in the other process. */
export function httpBackend(connection: Connection): Backend {
  const post = <T>(path: string, body: unknown): Promise<T> =>
    callJson<T>(connection, { method: "POST", path, body });
  const get = <T>(path: string): Promise<T> => callJson<T>(connection, { method: "GET", path });
  const value = async (answer: Promise<ValueBody>): Promise<Payload | undefined> => (await answer).result;
  return {
    start: async (request) => void (await post(runPath(), request)),
    fork: async (id, request) => void (await post(runPath(id, "forks"), request)),
    retry: async (id, request) => void (await post(runPath(id, "retries"), request)),
    send: async (id, message, operation) =>
      void (await post(runPath(id, "messages"), { message, operation })),
    update: (id, name, { payload, operation }) =>
      value(post(runPath(id, "updates"), { name, payload, operation })),
    query: (id, name, args) => value(post(runPath(id, "queries"), { name, args })),
    result: (id) => value(get(runPath(id, "result"))),
    describe: (id) => get<RunDescription>(runPath(id)),
    // A description says all of that, too.
    summary: (id) => get<RunSummary>(runPath(id)),
    history: (id, { from, follow }) =>
      callLines<HistoryEvent>(connection, {
        method: "GET",
        path: `${runPath(id, "history")}?from=${from}&follow=${follow}`,
      }),
    list: (filter, page) => get<RunPage>(`${runPath()}?${listQuery(filter, page)}`),
    close: async () => connection.agent.destroy(),
  };
}

function listQuery(
  filter: ListFilter,
  page: { readonly before?: number | undefined; readonly limit: number },
): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...filter, ...page })) {
    if (value !== undefined) query.set(key, String(value));
  }
  return query.toString();
}
