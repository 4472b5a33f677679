// http:invoke: what is sent, what comes back, what fails, and which addresses are out of reach.
import { lookup } from "node:dns/promises";
import { describe, expect, it } from "vitest";
import { checkHost } from "../../../src/integrations/aws/http/addresses.ts";
import { formOf } from "../../../src/integrations/aws/http/form.ts";
import type { Json } from "../../../src/notations/asl/json.ts";
import { callOptions, closing, context, failureOf, host, invoke } from "./support/calls.ts";
import { serve } from "./support/servers.ts";

const HTTP = "arn:aws:states:::http:invoke";

async function api(): Promise<Awaited<ReturnType<typeof serve>>> {
  return closing(
    await serve((request, response) => {
      if (request.path.startsWith("/missing")) return void response.writeHead(404).end("no such thing");
      if (request.path.startsWith("/moved")) return void response.writeHead(302, { Location: "/" }).end();
      if (request.path.startsWith("/text")) return void response.end("plain");
      response.writeHead(200, { "Content-Type": "application/json; charset=utf-8", "X-Many": ["a", "b"] });
      response.end(JSON.stringify({ ok: true }));
    }),
  );
}

describe("an HTTP task", () => {
  it("sends what the definition gives, and shows the answer", async () => {
    const server = await api();
    const result = await invoke(host(), HTTP, {
      ApiEndpoint: `${server.url}/items?fixed=1`,
      Method: "POST",
      QueryParameters: { id: 5, tag: ["a", "b c"] },
      Headers: { "X-One": "1", "X-Two": ["2", "3"] },
      RequestBody: { name: "Ada" },
    });
    expect(result).toMatchObject({
      Headers: { "content-type": ["application/json; charset=utf-8"], "x-many": ["a", "b"] },
      ResponseBody: { ok: true },
      StatusCode: 200,
      StatusText: "OK",
    });
    const [seen] = server.seen;
    expect(seen).toMatchObject({
      method: "POST",
      path: "/items?fixed=1&id=5&tag=a&tag=b+c",
      body: '{"name":"Ada"}',
      headers: { "content-type": "application/json", "x-one": "1", "x-two": "2, 3" },
    });
    expect(seen?.headers["user-agent"]).toBe("Amazon|StepFunctions|HttpInvoke|eu-west-1");
  });

  it("encodes its body as a form, with arrays in every way", async () => {
    const server = await api();
    await invoke(host(), HTTP, {
      ApiEndpoint: server.url,
      Method: "POST",
      RequestBody: { a: [1, 2], b: { c: "d e" } },
      Transform: { RequestBodyEncoding: "URL_ENCODED", RequestEncodingOptions: { ArrayFormat: "BRACKETS" } },
    });
    expect(server.seen[0]?.body).toBe("a%5B%5D=1&a%5B%5D=2&b%5Bc%5D=d+e");
    expect(server.seen[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    const value = { a: ["x", "y"] };
    expect(decodeURIComponent(formOf(value, "INDICES"))).toBe("a[0]=x&a[1]=y");
    expect(decodeURIComponent(formOf(value, "COMMAS"))).toBe("a=x,y");
    expect(formOf(value, "REPEAT")).toBe("a=x&a=y");
    expect(formOf(value, "NONE")).toBe("");
  });

  it("adds what its connection holds", async () => {
    const server = await api();
    const services = host({
      connections: { stripe: { headers: { Authorization: "Bearer s" }, queryParameters: { key: "k" } } },
    });
    const ConnectionArn = "arn:aws:events:eu-west-1:123456789012:connection/stripe/1234";
    await invoke(services, HTTP, {
      ApiEndpoint: server.url,
      Method: "GET",
      Authentication: { ConnectionArn },
    });
    expect(server.seen[0]).toMatchObject({ path: "/?key=k", headers: { authorization: "Bearer s" } });
  });

  it("shows text as text", async () => {
    const result = await invoke(host(), HTTP, { ApiEndpoint: `${(await api()).url}/text`, Method: "GET" });
    expect(result).toMatchObject({ ResponseBody: "plain" });
  });

  it("fails with the status, also of a redirect, which it does not follow", async () => {
    const { url, seen } = await api();
    expect(await failureOf(invoke(host(), HTTP, { ApiEndpoint: `${url}/missing`, Method: "GET" }))).toEqual({
      error: "States.Http.StatusCode.404",
      cause: "Not Found",
    });
    const moved = await failureOf(invoke(host(), HTTP, { ApiEndpoint: `${url}/moved`, Method: "GET" }));
    expect(moved.error).toBe("States.Http.StatusCode.302");
    expect(seen).toHaveLength(2);
  });

  it("fails as a socket when there is no answer, and stops when it is aborted", async () => {
    const input = { ApiEndpoint: "http://127.0.0.1:1/", Method: "GET" };
    expect((await failureOf(invoke(host(), HTTP, input))).error).toBe("States.Http.Socket");
    const silent = closing(await serve(() => undefined));
    const stop = new AbortController();
    const call = { resource: HTTP, input: { ApiEndpoint: silent.url }, context };
    const work = host().invoke(call, callOptions(stop.signal));
    stop.abort();
    expect((await failureOf(work)).error).toBe("States.Timeout");
  });

  it("takes only http and https, and no headers that are not its own to set", async () => {
    const cause = async (input: Json): Promise<string> =>
      (await failureOf(invoke(host(), HTTP, input))).cause;
    expect(await cause({ ApiEndpoint: "file:///etc/passwd" })).toContain("must be an http: or https: URL");
    expect(await cause({ ApiEndpoint: 5 })).toContain("must be an http: or https: URL");
    expect(await cause({ ApiEndpoint: "http://x.test", Headers: { HOST: "y" } })).toContain(
      "HOST cannot be set",
    );
  });
});

describe("link-local addresses", () => {
  it("are out of reach in every notation", async () => {
    const notations = [
      "http://169.254.169.254/latest/meta-data",
      "http://2852039166/",
      "http://0xA9FEA9FE/",
      "http://0251.0376.0251.0376/",
      "http://169.254.43518/",
      "http://[::ffff:169.254.169.254]/",
      "http://[fd00:ec2::254]/",
      "http://[fe80::1]/",
      "http://[64:ff9b::169.254.169.254]/",
    ];
    for (const ApiEndpoint of notations) {
      const failure = await failureOf(invoke(host(), HTTP, { ApiEndpoint }));
      expect([ApiEndpoint, failure.error]).toEqual([ApiEndpoint, "States.Http.Socket"]);
      expect(failure.cause).toContain("is link-local");
    }
  });

  it("may be opened one by one; others are free", () => {
    expect(() => checkHost("169.254.1.1", ["169.254.1.1"])).not.toThrow();
    expect(() => checkHost("169.254.1.2", ["169.254.1.1"])).toThrow("link-local");
    for (const free of ["127.0.0.1", "[::1]", "10.0.0.1", "example.org", "[fd00:ec2::253]"]) {
      expect(() => checkHost(free, [])).not.toThrow();
    }
  });

  it("may be opened for one connection", async () => {
    const world = host({ connections: { own: { allowedAddresses: ["fd00:ec2::254"] } } });
    const call = async (ConnectionArn: string): Promise<string> => {
      const input = { ApiEndpoint: "http://[fd00:ec2::254]:1/", Authentication: { ConnectionArn } };
      const options = callOptions(AbortSignal.timeout(300));
      return (await failureOf(world.invoke({ resource: HTTP, input, context }, options))).cause;
    };
    expect(await call("other")).toContain("link-local");
    expect(await call("own")).not.toContain("link-local");
  });

  it("are looked for behind names, when the connection is made", async () => {
    const server = await api();
    const port = new URL(server.url).port;
    const addresses = await lookup("localhost", { all: true });
    // The guard looks names up itself; a name that leads to a free address goes through it.
    expect(addresses.length).toBeGreaterThan(0);
    const result = await invoke(host(), HTTP, {
      ApiEndpoint: `http://localhost:${port}/text`,
      Method: "GET",
    });
    expect(result).toMatchObject({ ResponseBody: "plain" });
  });
});
