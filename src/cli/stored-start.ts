/**
 * Starting a run without an engine: its first event is written, nobody holds it, and it is due at once. The next worker that has its workflow takes it up,
 * as it does with a child that was just born.
 */
import type { BackendStart } from "../client/backend.ts";
import { DuplicateRunError } from "../core/errors.ts";
import type { RunStarted } from "../core/events.ts";
import type { Ports } from "../core/ports.ts";
import type { RunWrite } from "../store/commit.ts";
import type { Store } from "../store/store.ts";

const leaseMs = 30_000;

/** Writes the start; durable when this resolves. @throws DuplicateRunError */
export async function storeStart(
  store: Store,
  request: BackendStart,
  ports: Pick<Ports, "clock" | "ids">,
): Promise<void> {
  const { id: runId, workflow, operation } = request;
  const session = await store.sessions.open("daruma start", leaseMs);
  const key = await store.runs.reserveKeys(1);
  const run = born(key, request, ports);
  const { duplicates } = await store.commit({ session, operation, runs: [run], messages: [] });
  await store.sessions.close(session);
  if (!duplicates.includes(key)) return;
  const row = await store.runs.byId(runId);
  if (row?.operation !== operation) throw new DuplicateRunError({ runId, workflow, status: row?.status });
}

function born(key: number, request: BackendStart, { clock, ids }: Pick<Ports, "clock" | "ids">): RunWrite {
  const { workflow, id, input, operation, timeoutMs } = request;
  const time = clock.now();
  const deadline = timeoutMs === undefined ? undefined : time + timeoutMs;
  const started: RunStarted = { type: "run_started", workflow, input, seed: ids.unique(), deadline, time };
  return {
    key,
    create: { id, generation: 1, workflow, createdAt: time, operation },
    epoch: 0,
    head: 0,
    events: JSON.stringify([started]),
    count: 1,
    state: { status: "running", paused: false, wakeAt: 0 },
  };
}
