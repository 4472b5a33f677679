// The local endpoint: what comes in is checked, whatever it is; what goes out are typed errors; who may connect.
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Daruma, encodePayload } from "daruma";
import type { DarumaOptions } from "daruma";
import { openEndpoint } from "../../src/server/endpoint.ts";
import { workflows } from "../cli/support/stores.ts";
import { newFolder } from "../cli/support/world.ts";
import { ask, write } from "./support/raw.ts";

async function open(options: DarumaOptions = {}): Promise<{ daruma: Daruma; address: string; url: string }> {
  const path = join(newFolder(), "daruma.db");
  const daruma = await Daruma.open(`sqlite:${path}`, {
    workflows,
    drain: 0,
    telemetry: () => {},
    ...options,
  });
  onTestFinished(() => daruma.close());
  return { daruma, address: `${path}.sock`, url: `sqlite:${path}` };
}

const start = { workflow: "hello", id: "h", input: '"mika"', operation: "o-1" };

function errorWith(code: string): unknown {
  return { error: expect.objectContaining({ code }) as unknown };
}

describe("the endpoint", () => {
  it("starts runs and answers for them", async () => {
    const { address } = await open();
    expect(await ask(address, "GET /v1/process")).toEqual({
      status: 200,
      body: { pid: process.pid, workflows: workflows.map(({ name }) => name), closing: false },
    });
    expect(await ask(address, "POST /v1/runs", start)).toEqual({ status: 200, body: {} });
    expect(await ask(address, "GET /v1/runs/h/result")).toEqual({
      status: 200,
      body: { result: '"Hello, mika!"' },
    });
    expect(await ask(address, "GET /v1/runs/h")).toMatchObject({
      status: 200,
      body: { id: "h", status: "completed" },
    });
    expect(await ask(address, "GET /v1/runs?workflow=hello&limit=1")).toMatchObject({
      body: { runs: [{ id: "h" }] },
    });
    expect(await ask(address, "GET /v1/runs?status=failed")).toMatchObject({ body: { runs: [] } });
  });

  it("takes a start that comes twice for one (D3)", async () => {
    const { address } = await open();
    await ask(address, "POST /v1/runs", start);
    expect(await ask(address, "POST /v1/runs", start)).toMatchObject({ status: 200 });
    expect(await ask(address, "POST /v1/runs", { ...start, operation: "o-2" })).toEqual({
      status: 409,
      body: errorWith("DRM-DUPLICATE-RUN"),
    });
  });

  it("takes any id that a run can have", async () => {
    const { address } = await open();
    for (const id of ["a/b?c#d", "..", ".", "%2e%2e", "日本 語", "__proto__", "result"]) {
      expect(await ask(address, "POST /v1/runs", { ...start, id, operation: id })).toMatchObject({
        status: 200,
      });
      expect(await ask(address, `GET /v1/runs/${encodeURIComponent(id)}`)).toMatchObject({ body: { id } });
    }
  });

  it.each([
    ["GET /", undefined, 400, "DRM-INVALID-OPTION"],
    ["GET /v1", undefined, 400, "DRM-INVALID-OPTION"],
    ["GET /v1/runs/", undefined, 404, "DRM-RUN-NOT-FOUND"],
    ["GET /v1/runs/h/history/x", undefined, 400, "DRM-INVALID-OPTION"],
    ["GET //v1/process", undefined, 400, "DRM-INVALID-OPTION"],
    ["GET /v1/process/", undefined, 400, "DRM-INVALID-OPTION"],
    ["GET /v2/process", undefined, 400, "DRM-INVALID-OPTION"],
    ["DELETE /v1/runs/h", undefined, 400, "DRM-INVALID-OPTION"],
    ["GET /v1/runs/constructor/__proto__", undefined, 400, "DRM-INVALID-OPTION"],
    ["GET /v1/runs/%zz", undefined, 400, "DRM-INVALID-OPTION"],
    ["GET /v1/runs/nope", undefined, 404, "DRM-RUN-NOT-FOUND"],
    ["GET /v1/runs/nope/history", undefined, 404, "DRM-RUN-NOT-FOUND"],
    ["GET /v1/runs/nope/result", undefined, 404, "DRM-RUN-NOT-FOUND"],
    ["GET /v1/runs?limit=0", undefined, 400, "DRM-INVALID-OPTION"],
    ["GET /v1/runs?limit=1e400", undefined, 400, "DRM-INVALID-OPTION"],
    ["GET /v1/runs?status=done", undefined, 400, "DRM-INVALID-OPTION"],
    ["GET /v1/runs?parked=maybe", undefined, 400, "DRM-INVALID-OPTION"],
    ["POST /v1/runs", "", 400, "DRM-INVALID-OPTION"],
    ["POST /v1/runs", "{", 400, "DRM-INVALID-OPTION"],
    ["POST /v1/runs", "[]", 400, "DRM-INVALID-OPTION"],
    ["POST /v1/runs", "null", 400, "DRM-INVALID-OPTION"],
    ["POST /v1/runs", { ...start, workflow: "nope" }, 404, "DRM-UNKNOWN-WORKFLOW"],
    ["POST /v1/runs", { ...start, workflow: 1 }, 400, "DRM-INVALID-NAME"],
    ["POST /v1/runs", { ...start, id: "\u001b[31m" }, 400, "DRM-INVALID-NAME"],
    ["POST /v1/runs", { ...start, operation: "" }, 400, "DRM-INVALID-NAME"],
    ["POST /v1/runs", { ...start, input: { a: 1 } }, 400, "DRM-INVALID-OPTION"],
    ["POST /v1/runs", { ...start, input: "{no json" }, 400, "DRM-PAYLOAD-CORRUPT"],
    ["POST /v1/runs", { ...start, input: '{"$daruma":"Date","value":"never"}' }, 400, "DRM-PAYLOAD-CORRUPT"],
    [
      "POST /v1/runs",
      { ...start, input: "[".repeat(10_000) + "]".repeat(10_000) },
      400,
      "DRM-PAYLOAD-TOO-DEEP",
    ],
    ["POST /v1/runs", { ...start, timeoutMs: -1 }, 400, "DRM-INVALID-OPTION"],
    ["POST /v1/runs/h/messages", { operation: "x" }, 400, "DRM-INVALID-OPTION"],
    ["POST /v1/runs/h/messages", { operation: "x", message: { type: "signal" } }, 400, "DRM-INVALID-NAME"],
    [
      "POST /v1/runs/h/messages",
      { operation: "x", message: { type: "signal", name: "a", payload: "{" } },
      400,
      "DRM-PAYLOAD-CORRUPT",
    ],
    [
      "POST /v1/runs/h/messages",
      { operation: "x", message: { type: "cancel", reason: 1 } },
      400,
      "DRM-INVALID-OPTION",
    ],
    ["POST /v1/runs/h/queries", { name: "status" }, 404, "DRM-RUN-NOT-FOUND"],
  ])("answers %s %j with %d and a typed error", async (line, body, status, code) => {
    const { address } = await open();
    expect(await ask(address, line, body)).toEqual({ status, body: errorWith(code) });
    expect(await ask(address, "GET /v1/process")).toMatchObject({ status: 200 });
  });

  it("takes no answers of activities from outside", async () => {
    const { address } = await open();
    await ask(address, "POST /v1/runs", { ...start, workflow: "sleeper" });
    const event = { type: "activity_completed", ref: 1, attempt: 1, result: '"forged"' };
    const sent = await ask(address, "POST /v1/runs/h/messages", {
      operation: "x",
      message: { type: "answer", event },
    });
    expect(sent).toEqual({ status: 400, body: errorWith("DRM-INVALID-OPTION") });
  });

  it("keeps a payload as the encoder writes it, keys like __proto__ included", async () => {
    const { address, daruma } = await open();
    await ask(address, "POST /v1/runs", { ...start, workflow: "waiting" });
    const payload = '{ "by": "x", "__proto__": { "polluted": true } }';
    await ask(address, "POST /v1/runs/h/messages", {
      operation: "x",
      message: { type: "signal", name: "approve", payload },
    });
    await daruma.get("h").result();
    const events = await Array.fromAsync(daruma.get("h").history());
    expect(events.find(({ type }) => type === "signal_received")).toMatchObject({
      payload: '{"by":"x","__proto__":{"polluted":true}}',
    });
    expect({}).not.toHaveProperty("polluted");
  });

  it("refuses what is too large, and reads it to its end so that the answer arrives", async () => {
    const { address } = await open({ limits: { payloadBytes: 1000 } });
    const large = (size: number): object => ({ ...start, input: JSON.stringify("x".repeat(size)) });
    expect(await ask(address, "POST /v1/runs", large(2000))).toEqual({
      status: 413,
      body: errorWith("DRM-PAYLOAD-TOO-LARGE"),
    });
    expect(await ask(address, "POST /v1/runs", large(5_000_000))).toEqual({
      status: 413,
      body: errorWith("DRM-PAYLOAD-TOO-LARGE"),
    });
    // As many bytes as a payload may have, all of which need an escape inside the body.
    expect(
      await ask(address, "POST /v1/runs", { ...start, input: encodePayload('"'.repeat(490)) }),
    ).toMatchObject({ status: 200 });
  });

  it("survives what is no HTTP", async () => {
    const { address } = await open();
    for (const bytes of [
      "",
      "\n",
      "GARBAGE\r\n\r\n",
      "\u0000\u0001\u0002",
      "GET / HTTP/9.9\r\n\r\n",
      `GET /${"a".repeat(100_000)} HTTP/1.1\r\n\r\n`,
    ])
      await write(address, bytes);
    await write(address, "POST /v1/runs HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    expect(
      await ask(address, "GET /v1/process", undefined, {
        host: "evil.example",
        origin: "https://evil.example",
      }),
    ).toMatchObject({
      status: 200,
    });
  });

  it("streams a history as it grows, and ends it with the run", async () => {
    const { address, daruma } = await open();
    const run = await daruma.start("waiting", { id: "w", input: "x" });
    const stream = write(
      address,
      "GET /v1/runs/w/history?follow=true HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    );
    await run.signal("approve", { by: "y" });
    await run.result();
    const types = [...(await stream).matchAll(/"type":"(\w+)"/gu)].map(([, type]) => type);
    expect(types).toEqual([
      "run_started",
      "activity_scheduled",
      "activity_completed",
      "signal_received",
      "run_completed",
    ]);
  });
});

describe("the socket", () => {
  it("is for this user alone, and goes with the process", async () => {
    const { address, daruma } = await open();
    expect(statSync(address).mode & 0o777).toBe(0o600);
    await daruma.close();
    expect(existsSync(address)).toBe(false);
  });

  it("is not there if nobody wants it, or there is no file", async () => {
    const { address } = await open({ endpoint: false });
    expect(existsSync(address)).toBe(false);
    const memory = await Daruma.open("memory:");
    await memory.close();
  });

  it("of a process that was killed is replaced, and only a socket", async () => {
    const path = join(newFolder(), "daruma.db");
    const stale = createServer().listen(`${path}.sock`);
    await new Promise((resolve) => stale.once("listening", resolve));
    const kept = lstatSync(`${path}.sock`).ino;
    const daruma = await Daruma.open(`sqlite:${path}`, { workflows });
    expect(lstatSync(`${path}.sock`).ino).not.toBe(kept);
    expect(await ask(`${path}.sock`, "GET /v1/process")).toMatchObject({ body: { pid: process.pid } });
    await daruma.close();
    await new Promise((resolve) => stale.close(resolve));
  });

  it("is elsewhere where there is no room beside the database", async () => {
    const folder = newFolder();
    const path = join(folder, "daruma.db");
    writeFileSync(`${path}.sock`, "a file of the user");
    const privateFolder = join(folder, "own");
    const facts = { pid: 1, workflows: [], closing: false };
    const serve = (): ReturnType<typeof openEndpoint> =>
      openEndpoint({
        database: path,
        privateFolder,
        backend: new Promise(() => {}),
        facts: () => facts,
        payloadBytes: 1000,
        telemetry: (event) => void told.push(event.event),
      });
    const told: string[] = [];
    const endpoint = await serve();
    expect(endpoint.address).toMatch(/own\/[0-9a-f]{32}\.sock$/u);
    expect(statSync(privateFolder).mode & 0o777).toBe(0o700);
    expect(await ask(endpoint.address ?? "", "GET /v1/process")).toEqual({ status: 200, body: facts });
    await endpoint.close();
    expect(readFileSync(`${path}.sock`, "utf8")).toBe("a file of the user");
    expect(told).toEqual([]);
    chmodSync(privateFolder, 0o777);
    const refused = await serve();
    expect(refused.address).toBeUndefined();
    expect(told).toEqual(["endpoint_unavailable"]);
    await refused.close();
  });

  it("takes the place of a folder by no means", async () => {
    const path = join(newFolder(), "daruma.db");
    mkdirSync(`${path}.sock`);
    const daruma = await Daruma.open(`sqlite:${path}`, { workflows, telemetry: () => {} });
    expect(lstatSync(`${path}.sock`).isDirectory()).toBe(true);
    await using client = await Daruma.connect(`sqlite:${path}`);
    expect(await Array.fromAsync(client.list())).toEqual([]);
    await daruma.close();
  });
});
