/** The routes: what can be asked of a process that has a database open. Paths are those of `client/http-words.ts`. */
import { DarumaError } from "../core/errors.ts";
import type { RunStatus } from "../core/status.ts";
import { runStatuses } from "../core/status.ts";
import type { Backend, BackendCopy, ListFilter } from "../client/backend.ts";
import type { ProcessFacts } from "../client/http-words.ts";
import type { Body } from "./body.ts";
import { Given } from "./given.ts";

/** A request, taken apart. */
export interface Request {
  readonly method: string;
  /** The parts of the path between its slashes, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Body | undefined;
}

/** What routes work with. */
export interface RouteOptions {
  readonly backend: Promise<Backend>;
  readonly facts: () => ProcessFacts;
  readonly payloadBytes: number;
}

type Answer = object | AsyncIterable<object>;
type Route = (backend: Backend, given: Given, id: string) => Answer | Promise<Answer>;

const routes: Readonly<Record<string, Route>> = {
  "POST runs": async (backend, given) => {
    await backend.start(given.start());
    return {};
  },
  "GET runs": (backend, given) => backend.list(filterOf(given), pageOf(given)),
  "GET runs/ID": (backend, _given, id) => backend.describe(id),
  "GET runs/ID/history": (backend, given, id) => {
    const from = given.number("from") ?? 1;
    return backend.history(id, { from, follow: given.flag("follow") ?? false });
  },
  "GET runs/ID/result": async (backend, _given, id) => ({ result: await backend.result(id) }),
  "POST runs/ID/forks": async (backend, given, id) => {
    await backend.fork(id, { id: given.runId(), ...copyOf(given) });
    return {};
  },
  "POST runs/ID/retries": async (backend, given, id) => {
    await backend.retry(id, copyOf(given));
    return {};
  },
  "POST runs/ID/messages": async (backend, given, id) => {
    await backend.send(id, given.message(), given.name("operation"));
    return {};
  },
  "POST runs/ID/updates": async (backend, given, id) => {
    const call = { payload: given.payload("payload"), operation: given.name("operation") };
    return { result: await backend.update(id, given.name("name"), call) };
  },
  "POST runs/ID/queries": async (backend, given, id) => {
    return { result: await backend.query(id, given.name("name"), given.payload("args") ?? "[]") };
  },
};

/** Answers a request. @throws whatever the backend throws, DarumaError DRM-INVALID-OPTION (no such route, a wrong value) */
export async function answerOf(request: Request, options: RouteOptions): Promise<Answer> {
  const { method, parts, body, query } = request;
  const [version, collection, id, ...rest] = parts;
  if (version === "v1" && collection === "process" && parts.length === 2 && method === "GET")
    return options.facts();
  const pattern = [collection, ...(id === undefined ? [] : ["ID"]), ...rest].join("/");
  const route = version === "v1" ? routes[`${method} ${pattern}`] : undefined;
  if (route === undefined) throw noRoute(request);
  const given = new Given(body ?? {}, query, options.payloadBytes);
  return route(await options.backend, given, id ?? "");
}

function noRoute({ method, parts }: Request): DarumaError {
  return new DarumaError("DRM-INVALID-OPTION", {
    message: "There is no such route.",
    found: `${method} /${parts.join("/")}`,
    fix: "Use a client of the same version of Daruma as the process that has the database open.",
  });
}

function copyOf(given: Given): BackendCopy {
  return { at: given.eventNumber("at"), operation: given.name("operation") };
}

function filterOf(given: Given): ListFilter {
  return {
    workflow: given.parameter("workflow"),
    status: given.oneOf("status", runStatuses) as RunStatus | undefined,
    parked: given.flag("parked"),
    paused: given.flag("paused"),
    idPrefix: given.parameter("idPrefix"),
  };
}

const mostRuns = 1000;

function pageOf(given: Given): { before?: number | undefined; limit: number } {
  return { before: given.number("before"), limit: Math.min(given.number("limit") ?? mostRuns, mostRuns) };
}
