// Fork and retry past the client: what comes in is checked, and a repeat changes nothing.
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Daruma } from "daruma";
import { workflows } from "../cli/support/stores.ts";
import { newFolder } from "../cli/support/world.ts";
import { ask } from "./support/raw.ts";

async function open(): Promise<{ daruma: Daruma; address: string }> {
  const path = join(newFolder(), "daruma.db");
  const daruma = await Daruma.open(`sqlite:${path}`, { workflows, drain: 0, telemetry: () => {} });
  onTestFinished(() => daruma.close());
  return { daruma, address: `${path}.sock` };
}

const errorWith = (code: string): unknown => ({ error: expect.objectContaining({ code }) as unknown });

describe("the routes of fork and retry", () => {
  it("fork a run; a repeat is the same fork", async () => {
    const { daruma, address } = await open();
    await (await daruma.start("hello", { id: "h", input: "mika" })).result();
    const body = { id: "f", at: 2, operation: "o" };
    for (let time = 0; time < 2; time++)
      expect(await ask(address, "POST /v1/runs/h/forks", body)).toEqual({ status: 200, body: {} });
    expect(await daruma.get("f").result()).toBe("Hello, mika!");
    expect(await ask(address, "POST /v1/runs/h/forks", { ...body, operation: "p" })).toEqual({
      status: 409,
      body: errorWith("DRM-DUPLICATE-RUN"),
    });
  });

  it("retry a run", async () => {
    const { daruma, address } = await open();
    await (await daruma.start("broken", { id: "b" })).result().catch(() => {});
    for (let time = 0; time < 2; time++)
      expect(await ask(address, "POST /v1/runs/b/retries", { operation: "o" })).toMatchObject({
        status: 200,
      });
    expect((await daruma.get("b").summary()).generation).toBe(2);
  });

  it("refuse what is wrong", async () => {
    const { daruma, address } = await open();
    await (await daruma.start("hello", { id: "h", input: "mika" })).result();
    const refused = async (path: string, body: unknown): Promise<unknown> => {
      const { status, body: answer } = await ask(address, `POST /v1/runs/${path}`, body);
      return [status, (answer as { error: { code: string } }).error.code];
    };
    const good = { id: "f", operation: "o" };
    expect(await refused("nobody/forks", good)).toEqual([404, "DRM-RUN-NOT-FOUND"]);
    expect(await refused("h/forks", { ...good, at: 4 })).toEqual([400, "DRM-FORK-POINT"]);
    expect(await refused("h/retries", good)).toEqual([409, "DRM-NOT-RETRYABLE"]);
    for (const at of [0, -1, 1.5, "2", null, 1e300])
      expect(await refused("h/forks", { ...good, at })).toEqual([400, "DRM-INVALID-OPTION"]);
    expect(await refused("h/forks", { operation: "o" })).toEqual([400, "DRM-INVALID-NAME"]);
    expect(await refused("h/forks", { id: "f" })).toEqual([400, "DRM-INVALID-NAME"]);
  });
});
