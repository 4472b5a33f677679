import { activity, ApplicationError, child, query, signal, sleep, update, workflow } from "daruma";
import { describe, expect, it } from "vitest";
import { World } from "../support/world.ts";

const anything = signal<unknown>("anything");
const ask = query<unknown>("ask");
const change = update<unknown, unknown>("change");

/** One of each kind that a payload can hold, some of them inside others. */
function zoo(): Record<string, unknown> {
  return {
    nothing: null,
    missing: undefined,
    list: [1, undefined, "two", [3n]],
    numbers: [0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 53],
    big: -(2n ** 200n),
    text: "line\u2028end \u0000 🪆 </script>",
    date: new Date(1_700_000_000_123),
    noDate: new Date(Number.NaN),
    map: new Map<unknown, unknown>([
      ["a", new Set([1, "1", null])],
      [{ key: 1 }, new Map([[1n, new Date(0)]])],
    ]),
    bytes: new Uint8Array([0, 1, 254, 255]),
    tagged: { $daruma: "Date", value: "not a date" },
    dangerous: JSON.parse('{"__proto__":{"admin":true},"constructor":1}') as unknown,
  };
}

describe("payloads", () => {
  const plain = zoo();
  delete plain["missing"];

  it("of every kind come back as they were: input, activity, signal, query, update, child, result", async () => {
    const world = new World();
    const seen: unknown[] = [];
    const echo = activity("echo", async (value: unknown) => {
      seen.push(value);
      return value;
    });
    const kid = workflow("kid", async (value: unknown) => echo(value));
    const flow = workflow("flow", async (input: unknown) => {
      ask.handle(() => input);
      change.handle((value) => value);
      const [fromActivity, fromSignal] = [await echo(input), await anything.receive()];
      return [input, fromActivity, fromSignal, await child(kid, fromSignal)];
    });
    const before = await world.open([flow, kid]);
    const run = await before.start(flow, { id: "r", input: zoo() });
    await world.quiet();
    expect(await run.query(ask)).toStrictEqual(plain);
    expect(await world.until(run.update(change, zoo()))).toStrictEqual(plain);
    const after = await world.restart([flow, kid]);
    await after.get("r").signal(anything, zoo());
    const results = (await world.until(after.get("r").result())) as unknown[];
    expect(results).toHaveLength(4);
    for (const value of [...results, ...seen]) expect(value).toStrictEqual(plain);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it("errors are values too, with class, cause and fields", async () => {
    const world = new World();
    const echo = activity("echo", async (error: Error) => error);
    const flow = workflow("flow", async (error: Error) => echo(error));
    const daruma = await world.open([flow]);
    const input = new RangeError("outer", {
      cause: new ApplicationError("inner", { type: "Quota", details: { left: 0n } }),
    });
    const result = await world.until((await daruma.start(flow, { input })).result());
    expect(result).toBeInstanceOf(RangeError);
    expect(result).toMatchObject({
      message: "outer",
      stack: input.stack,
      cause: { name: "Quota", message: "inner", details: { left: 0n } },
    });
  });

  it("what a run gets is its own: nothing is shared with who sent it, or between attempts", async () => {
    const world = new World();
    const input = { list: [1] };
    const grow = activity("grow", async (value: { list: number[] }) => {
      value.list.push(2);
      if (value.list.length === 2 && seen++ === 0) throw new Error("again");
      return value;
    });
    let seen = 0;
    const flow = workflow("flow", async (value: { list: number[] }) => {
      const grown = await grow(value);
      grown.list.push(3);
      return [value.list, grown.list];
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { input });
    input.list.push(99);
    expect(await world.until(run.result())).toEqual([[1], [1, 2, 3]]);
    expect(await run.result()).not.toBe(await run.result());
  });
});

describe("a value that cannot be stored", () => {
  const socket = { user: { socket: () => {} } };
  const unstorable = { code: "DRM-PAYLOAD-UNSUPPORTED", path: "$.user.socket" };

  it("fails the call that it was passed to, by path; the run goes on", async () => {
    const world = new World();
    let calls = 0;
    const echo = activity("echo", async (value: unknown) => {
      calls += 1;
      return value;
    });
    const leaky = activity("leaky", async () => socket, { retry: { maximumAttempts: 3 } });
    const kid = workflow("kid", async () => sleep("1h"));
    const flow = workflow("flow", async () => {
      const failure = (error: unknown): unknown => error;
      const handle = child.start(kid, undefined);
      let sent: unknown;
      try {
        handle.signal(anything, socket);
      } catch (error) {
        sent = error;
      }
      return [
        await echo(socket).catch(failure),
        await child("kid", socket).catch(failure),
        await leaky().catch(failure),
        sent,
        await echo("fine"),
      ];
    });
    const daruma = await world.open([flow, kid]);
    const run = await daruma.start(flow, { id: "r" });
    const [echoed, started, leaked, sent, fine] = await world.until<unknown[]>(run.result());
    expect(echoed).toMatchObject({ ...unstorable, path: "$[0].user.socket" });
    expect(started).toMatchObject(unstorable);
    expect(leaked).toMatchObject({
      name: "PayloadError",
      message: expect.stringContaining("$.user.socket"),
      attempts: { length: 1 },
    });
    expect(sent).toMatchObject(unstorable);
    expect([fine, calls]).toEqual(["fine", 1]);
  });

  it("as input, signal, update or result is refused where it is given", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      await anything.receive();
      return socket;
    });
    const daruma = await world.open([flow]);
    const start = daruma.start("flow", { input: socket });
    await expect(start).rejects.toMatchObject(unstorable);
    const run = await daruma.start(flow, { id: "r" });
    expect(() => run.signal(anything, socket)).toThrow(expect.objectContaining(unstorable));
    await expect(run.update(change, socket)).rejects.toMatchObject(unstorable);
    await run.signal(anything, "go");
    const error = await world.failure(run.result());
    expect(error).toMatchObject({ code: "DRM-RUN-FAILED", cause: unstorable });
  });

  it("10,000 levels of JSON are refused, in every direction", async () => {
    const deep = JSON.parse("[".repeat(10_000) + "]".repeat(10_000)) as unknown;
    const world = new World();
    const dig = activity("dig", async () => deep);
    const flow = workflow("flow", async () => [
      await dig().catch(({ message }: Error) => message),
      await anything.receive(),
    ]);
    const daruma = await world.open([flow]);
    await expect(daruma.start("flow", { input: deep })).rejects.toMatchObject({
      code: "DRM-PAYLOAD-TOO-DEEP",
    });
    const run = await daruma.start(flow);
    expect(() => run.signal(anything, deep)).toThrow(
      expect.objectContaining({ code: "DRM-PAYLOAD-TOO-DEEP" }),
    );
    await run.signal(anything, "shallow");
    const [message, text] = (await world.until(run.result())) as string[];
    expect(message).toContain("DRM-PAYLOAD-TOO-DEEP");
    expect(text).toBe("shallow");
  });
});
