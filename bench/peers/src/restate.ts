/*
 * Restate: a server process that keeps the journal, a service that runs the code, and a client.
 * Service and client are in this process, as they may be in an application. What is between them and the server is HTTP on
 * the loopback address: the client calls the ingress, the server calls the service (HTTP/2, both ways at once).
 */
import { createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { createEndpointHandler, service, type Context, type RestatePromise } from "@restatedev/restate-sdk";
import { connect } from "@restatedev/restate-sdk-clients";
import { expectResult, type Subject } from "../../driver/subject.ts";
import { fanOutSum, increment, versionOf, type Peer } from "./peer.ts";
import { startRestate, type RestateServer } from "./restate-server.ts";

const bench = service({
  name: "bench",
  handlers: {
    sequential: async (context: Context, activities: number): Promise<number> => {
      let value = 0;
      for (let i = 0; i < activities; i += 1) value = await step(context, value);
      return value;
    },
    /** Starts all and awaits them in order. `RestatePromise.all` gives the same, but its cost grows with the square. */
    fanOut: async (context: Context, activities: number): Promise<number> => {
      const started = Array.from({ length: activities }, (_, i) => step(context, i));
      let sum = 0;
      for (const each of started) sum += await each;
      return sum;
    },
  },
});

function step(context: Context, input: number): RestatePromise<number> {
  return context.run("increment", () => increment(input));
}

/** Restate server with the TypeScript SDK. */
export const restate: Peer = {
  name: "restate",
  async open(folder) {
    const server = await startRestate(folder);
    const endpoint = await serve();
    await server.register(endpoint.url);
    return subject(server, async () => {
      await endpoint.close();
      await server.stop();
    });
  },
};

function subject(server: RestateServer, close: () => Promise<void>): Subject {
  const name = `Restate ${versionOf("@restatedev/restate-server")}`;
  const client = connect({ url: server.ingressUrl }).serviceClient<typeof bench>({ name: "bench" });
  return {
    name,
    note:
      `Server process with its own defaults (24 partitions, one node); service (SDK ${versionOf("@restatedev/restate-sdk")}) and client ` +
      "in the benchmark's process. HTTP/1.1 from client to ingress, HTTP/2 from server to service, on the loopback address; " +
      "fanOut starts all activities and awaits them in order, because RestatePromise.all costs more with the square of their number.",
    transport: "socket",
    durability: server.durability,
    sequential: async (activities) => expectResult(name, await client.sequential(activities), activities),
    fanOut: async (activities) => expectResult(name, await client.fanOut(activities), fanOutSum(activities)),
    close,
  };
}

interface Endpoint {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens for the calls of the server, on a free port. */
async function serve(): Promise<Endpoint> {
  const sessions = new Set<ServerHttp2Session>();
  const http = createServer(createEndpointHandler({ services: [bench], logger: () => undefined }));
  http.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
