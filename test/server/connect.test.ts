// `Daruma.connect`: the same client, through the process that has the store open.
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  ActivityError,
  Daruma,
  DuplicateRunError,
  InvalidInputError,
  PayloadError,
  RunCanceledError,
  RunClosedError,
  RunFailedError,
  RunNotFoundError,
  UnknownWorkflowError,
  UpdateRejectedError,
  workflow,
} from "daruma";
import type { Client } from "daruma";
import { z } from "zod";
import { approve, broken, hello, rename, sleeper, status, waiting } from "../cli/modules/flows.ts";
import { workflows } from "../cli/support/stores.ts";
import { newFolder } from "../cli/support/world.ts";

const order = workflow("order", async (input: { count: number }) => input.count, {
  input: z.object({ count: z.string().transform(Number) }),
  timeout: "1h",
});

async function connected(): Promise<{ daruma: Daruma; client: Client; url: string }> {
  const url = `sqlite:${join(newFolder(), "daruma.db")}`;
  const daruma = await Daruma.open(url, { workflows: [...workflows, order], drain: 0, telemetry: () => {} });
  const client = await Daruma.connect(url);
  onTestFinished(async () => {
    await client.close();
    await daruma.close();
  });
  return { daruma, client, url };
}

describe("Daruma.connect", () => {
  it("does what the client in the process does", async () => {
    const { client } = await connected();
    const run = await client.start(waiting, { id: "w", input: "mika" });
    expect(await run.query(status, "!")).toBe("mika!");
    expect(await run.update(rename, "nao")).toBe("mika");
    await run.pause("lunch");
    expect(await run.describe()).toMatchObject({ paused: true, waits: [{ what: "resume (it is paused)" }] });
    await run.resume();
    await run.signal(approve, { by: "z" });
    expect(await run.result()).toEqual({ called: "nao", by: "z" });
    const events = await Array.fromAsync(run.history({ from: 2, follow: true }));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 2));
    expect(await Array.fromAsync(client.list({ workflow: "waiting", status: "completed" }))).toMatchObject([
      { id: "w" },
    ]);
  });

  it("lists more runs than fit into one answer", async () => {
    const { client } = await connected();
    await Promise.all(Array.from({ length: 250 }, (_, index) => client.start(sleeper, { id: `s-${index}` })));
    const ids = new Set((await Array.fromAsync(client.list({ idPrefix: "s-" }))).map(({ id }) => id));
    expect(ids.size).toBe(250);
  });

  it("throws errors of the same classes, with their fields", async () => {
    const { client } = await connected();
    const run = await client.start(broken, { id: "b" });
    const failed = await run.result().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(RunFailedError);
    expect(failed).toMatchObject({ code: "DRM-RUN-FAILED", runId: "b" });
    const { cause } = failed as RunFailedError & { cause: ActivityError };
    expect(cause).toBeInstanceOf(ActivityError);
    expect(cause.attempts.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(cause.lastError).toBeInstanceOf(TypeError);
    await expect(client.start(hello, { id: "b" })).rejects.toBeInstanceOf(DuplicateRunError);
    await expect(client.get("nope").result()).rejects.toBeInstanceOf(RunNotFoundError);
    await expect(client.get("b").signal<unknown>("x", 1)).rejects.toBeInstanceOf(RunClosedError);
    await expect(client.start("nope")).rejects.toBeInstanceOf(UnknownWorkflowError);
    await expect(Array.fromAsync(client.get("nope").history())).rejects.toBeInstanceOf(RunNotFoundError);
    const open = await client.start(waiting, { id: "w", input: "x" });
    const refused = await open.update(rename, "").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UpdateRejectedError);
    expect(refused).toMatchObject({ cause: { name: "RangeError", message: "a name must not be empty" } });
    await expect((async () => open.signal("x", Symbol("x")))()).rejects.toBeInstanceOf(PayloadError);
    await open.cancel("enough");
    await expect(open.result()).rejects.toMatchObject({ reason: "enough", code: "DRM-RUN-CANCELED" });
    await expect(open.result()).rejects.toBeInstanceOf(RunCanceledError);
  });

  it("checks an input once: here if the definition is here, else there", async () => {
    const { client, daruma } = await connected();
    const byDefinition = await client.start(order, { input: { count: "3" } as never });
    expect(await byDefinition.result()).toBe(3);
    for (const [index, side] of [client, daruma].entries()) {
      const run = await side.start<unknown, unknown>("order", { id: `o-${index}`, input: { count: "4" } });
      expect(await run.result()).toBe(4);
      expect((await run.describe()).deadline).toBeGreaterThan(Date.now());
      await expect(side.start<unknown, unknown>("order", { input: { count: 4 } })).rejects.toBeInstanceOf(
        InvalidInputError,
      );
    }
  });

  it("says that nobody is there", async () => {
    const folder = newFolder();
    const error = await Daruma.connect(`sqlite:${join(folder, "x.db")}`).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "DRM-CONNECTION",
      message: expect.stringContaining("No process answers"),
    });
    await expect(Daruma.connect("memory:")).rejects.toMatchObject({ code: "DRM-STORE-URL" });
  });

  it("ends what waits when the process closes", async () => {
    const { client, daruma } = await connected();
    const run = await client.start(sleeper, { id: "s" });
    const waits = [run.result(), Array.fromAsync(run.history({ follow: true }))].map((wait) =>
      wait.catch((error: unknown) => error),
    );
    await run.describe();
    await daruma.close();
    const [result] = await Promise.all(waits);
    expect(["DRM-CLOSED", "DRM-CONNECTION"]).toContain((result as { code: string }).code);
    await expect(run.describe()).rejects.toMatchObject({ code: "DRM-CONNECTION" });
  });

  it("does not take another server for a process of Daruma", async () => {
    const path = join(newFolder(), "x.db");
    const other = createServer((_request, response) => response.end("<html>")).listen(`${path}.sock`);
    await new Promise((resolve) => other.once("listening", resolve));
    await expect(Daruma.connect(`sqlite:${path}`)).rejects.toMatchObject({ code: "DRM-CONNECTION" });
    await new Promise((resolve) => other.close(resolve));
  });
});
