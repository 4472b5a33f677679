/**
 * The REST interface of the example, as a function from Request to Response:
 *
 *   POST /executions                 {goalId, userId, actionIds} → 202; 409 while one runs for that goal
 *   GET  /executions                 ?goalId= &status= &from= &to= &limit= &offset=, newest first
 *   GET  /executions/ID              status, percentage, remaining time
 *   POST /executions/ID/cancel
 *   GET  /metrics                    Prometheus text
 *
 * Errors are `{code, message, retryable}`. There is no authentication here: put it in front, and bind to the loopback address without.
 */
import { z } from "zod";
import type { Application } from "./application.ts";
import { refusalOf, RequestError } from "./api/refusals.ts";
import type { Runs } from "./api/runs.ts";
import { ExecutionService } from "./api/service.ts";
import { executionStatuses } from "./database/executions.ts";
import type { HistoryFilter } from "./database/executions.ts";
import { read } from "./handlers/inputs.ts";
import { prometheusText } from "./metrics/prometheus.ts";

export type Api = (request: Request) => Promise<Response>;

const mostBytes = 1_000_000;

const date = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "is no date")
  .transform((text) => Date.parse(text));
const historyFilter: z.ZodType<HistoryFilter> = z.strictObject({
  goalId: z.string().min(1).optional(),
  status: z.enum(executionStatuses).optional(),
  from: date.optional(),
  to: date.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

/** Opens the interface; rows of runs that ended while no process was there are closed first. */
export async function createApi(app: Application, runs: Runs): Promise<Api> {
  const service = new ExecutionService(app, runs);
  await service.recover();
  return async (request) => {
    try {
      return await answer(app, service, request);
    } catch (error) {
      const { status, body } = refusalOf(error);
      return Response.json(body, { status });
    }
  };
}

async function answer(app: Application, service: ExecutionService, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [first = "", id, verb, ...rest] = url.pathname.split("/").slice(1).map(decode);
  if (first === "metrics" && id === undefined) return metrics(app, request);
  if (first !== "executions" || rest.length > 0) throw unknownPath();
  if (id === undefined) {
    if (request.method === "POST")
      return Response.json(await service.start(await bodyOf(request)), { status: 202 });
    allow(request, "GET");
    const filter = read(historyFilter, Object.fromEntries(url.searchParams));
    return Response.json({ executions: await service.history(filter) });
  }
  if (verb === undefined) {
    allow(request, "GET");
    return Response.json(await service.status(id));
  }
  if (verb !== "cancel") throw unknownPath();
  allow(request, "POST");
  return Response.json(await service.cancel(id));
}

async function metrics(app: Application, request: Request): Promise<Response> {
  allow(request, "GET");
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
  return new Response(await prometheusText(app.database), { headers });
}

function allow(request: Request, method: string): void {
  if (request.method === method) return;
  throw new RequestError(405, "METHOD_NOT_ALLOWED", `This address takes ${method}, not ${request.method}`);
}

function unknownPath(): RequestError {
  return new RequestError(404, "NOT_FOUND", "There is nothing at this address");
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unknownPath();
  }
}

/** A body that says it is JSON (which no form of a foreign web page can say), and is. */
async function bodyOf(request: Request): Promise<unknown> {
  if (!/^application\/json\b/iu.test(request.headers.get("content-type") ?? ""))
    throw new RequestError(415, "UNSUPPORTED_MEDIA_TYPE", "The body must be application/json");
  const text = await request.text();
  if (text.length > mostBytes) throw new RequestError(413, "TOO_LARGE", "The body is too large");
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError(400, "VALIDATION_ERROR", "The body is not JSON");
  }
}
