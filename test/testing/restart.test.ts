// Crashes on demand: what survives, and what a test sees of it.
import { describe, expect, it } from "vitest";
import { activity, child, query, signal, sleep, update, workflow } from "daruma";
import { hanging, stub, TestDaruma } from "daruma/testing";
import { approval, approve, greet, month } from "./samples.ts";

describe("a restart", () => {
  it("loses nothing that was durable", async () => {
    await using test = await TestDaruma.open({ workflows: [month] });
    const run = await test.start(month, { input: "Ada" });
    await test.advance("10d");
    await test.restart();
    expect(await run.result()).toEqual(["Hello, Ada!", "Hello, Ada again!"]);
    expect(test.calls(greet)).toHaveLength(2);
    expect(test.clock.now()).toBe(Date.UTC(2026, 0, 31));
  });

  it("calls an activity again that was at work, with the same key", async () => {
    await using test = await TestDaruma.open({ workflows: [month], activities: [stub(greet, hanging())] });
    const run = await test.start(month, { input: "Ada", id: "m" });
    await test.settle();
    test.stub(greet, async (name) => `finally ${name}`);
    await test.restart();
    expect((await run.result())[0]).toBe("finally Ada");
    expect(test.calls(greet)).toMatchObject([
      { attempt: 1, status: "running", idempotencyKey: "m/1/1" },
      { attempt: 2, status: "completed", idempotencyKey: "m/1/1" },
      { attempt: 1, idempotencyKey: "m/1/3" },
    ]);
  });

  it("does not take a result from the dead", async () => {
    const gate = Promise.withResolvers<string>();
    let calls = 0;
    const slow = activity("slow", async () => (++calls === 1 ? gate.promise : "from the living"));
    const waiting = workflow("waiting", async () => slow());
    await using test = await TestDaruma.open({ workflows: [waiting] });
    const run = await test.start(waiting);
    await test.settle({ whileRunning: true });
    await test.restart();
    gate.resolve("from the dead");
    expect(await run.result()).toBe("from the living");
  });

  it("goes on with waits for results, and ends other calls that were under way", async () => {
    const ask = update<void, string>("ask");
    const asked = workflow("asked", async () => {
      ask.handle(async () => {
        await sleep("1h");
        return "answer";
      });
      await sleep("1d");
      return "over";
    });
    await using test = await TestDaruma.open({ workflows: [asked], autoSkip: false });
    const run = await test.start(asked);
    const result = run.result();
    const answer = run.update(ask, undefined, { operation: "ask-1" });
    const refused = answer.catch((error: unknown) => error);
    await test.settle();
    await test.restart();
    expect(await refused).toMatchObject({ code: "DRM-CONNECTION" });
    const again = run.update(ask, undefined, { operation: "ask-1" });
    await test.advance("1h");
    expect(await again).toBe("answer");
    await test.advance("1d");
    expect(await result).toBe("over");
    const accepted = await Array.fromAsync(run.history(), ({ type }) => type);
    expect(accepted.filter((type) => type === "update_accepted")).toHaveLength(1);
  });

  it("may come at any time, also twice, with children, signals and timers open", async () => {
    const go = signal<number>("go");
    const heard = query<number>("heard");
    const leaf = workflow("leaf", async () => {
      let sum = 0;
      heard.handle(() => sum);
      for (let count = 0; count < 3; count++) sum += await go.receive();
      return sum;
    });
    const tree = workflow("tree", async () => {
      const leaves = [1, 2].map((number) => child.start(leaf, undefined, { id: `leaf-${number}` }));
      await sleep("1d");
      return Promise.all(leaves.map((one) => one.result()));
    });
    await using test = await TestDaruma.open({ workflows: [tree, leaf] });
    const run = await test.start(tree);
    await test.restart();
    for (const amount of [1, 10, 100]) {
      await test.settle();
      for (const number of [1, 2]) await test.get(`leaf-${number}`).signal(go, amount * number);
      expect(await test.get("leaf-2").query(heard)).toBe(amount === 1 ? 2 : amount === 10 ? 22 : 222);
      await test.restart();
      await test.restart();
    }
    expect(await run.result()).toEqual([111, 222]);
  });

  it("makes parked runs try again", async () => {
    let code = async (): Promise<string> => greet("one");
    const changing = workflow("changing", async () => {
      const answer = await code();
      await sleep("1d");
      return answer;
    });
    await using test = await TestDaruma.open({ workflows: [changing], checkDeterminism: false });
    const run = await test.start(changing);
    await test.settle();
    code = async () => approve.receive();
    await test.restart();
    await test.advance("1d");
    expect((await run.describe()).why).toMatchObject({
      code: "DRM-NONDETERMINISM",
      expected: "activity_scheduled greet #1",
    });
    code = async () => greet("one");
    await test.restart();
    expect(await run.result()).toBe("Hello, one!");
  });
});

describe("a signal whose sender crashed", () => {
  it("counts once, however often it is sent", async () => {
    await using test = await TestDaruma.open({ workflows: [approval] });
    const run = await test.start(approval);
    await run.signal(approve, "yes", { operation: "approve-1" });
    await test.restart();
    const result = await run.result();
    expect(result).toBe("yes");
    const events = await Array.fromAsync(run.history(), ({ type }) => type);
    expect(events.filter((type) => type === "signal_received")).toHaveLength(1);
  });
});
