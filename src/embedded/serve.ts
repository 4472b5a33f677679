/** Opens the local endpoint of a database together with its engine. */
import type { Backend } from "../client/backend.ts";
import type { Engine } from "../engine/engine.ts";
import type { EngineOptions } from "../engine/options.ts";
import { openEndpoint } from "../server/endpoint.ts";

/** An endpoint whose calls wait until it is ready. */
export interface Serving {
  ready(engine: Engine, backend: Backend): void;
  close(): Promise<void>;
}

/** Listens at once, so that whoever finds the database locked finds this process too; the engine comes when it has found its runs. */
export async function serve(database: string, options: EngineOptions): Promise<Serving> {
  const { promise, resolve } = Promise.withResolvers<Backend>();
  let engine: Engine | undefined;
  const endpoint = await openEndpoint({
    database,
    backend: promise,
    facts: () => ({
      pid: process.pid,
      workflows: options.workflows.map(({ name }) => name),
      closing: engine?.state.closed ?? false,
    }),
    payloadBytes: options.limits.payloadBytes,
    telemetry: options.telemetry,
  });
  return {
    ready: (opened, backend) => {
      engine = opened;
      resolve(backend);
    },
    close: () => endpoint.close(),
  };
}
