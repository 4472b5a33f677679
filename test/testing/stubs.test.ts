// Stubs: what stands in for activities, and what they were called with.
import { describe, expect, expectTypeOf, it } from "vitest";
import { activity, activityContext, workflow, type ApplicationError } from "daruma";
import { failing, hanging, heartbeating, stub, TestDaruma, type ActivityCall } from "daruma/testing";
import { greet, month } from "./samples.ts";

const search = activity("search", async (topic: string, limit: number) => ({ topic, hits: limit }));
const searching = workflow("searching", async (topic: string) => (await search(topic, 3)).hits);

describe("a stub", () => {
  it("stands in for the activity of its name", async () => {
    await using test = await TestDaruma.open({
      workflows: [month],
      activities: { greet: async (name: string) => `stub ${name}` },
    });
    const run = await test.start(month, { input: "Ada" });
    expect(await run.result()).toEqual(["stub Ada", "stub Ada again"]);
  });

  it("has the types of its activity", async () => {
    const stubs = [
      stub(search, async (topic, limit) => {
        expectTypeOf(topic).toEqualTypeOf<string>();
        return { topic, hits: limit + 1 };
      }),
      stub(search, (topic) => ({ topic, hits: 0 })),
      stub(
        search,
        failing({ times: 1 }, async (topic, limit) => ({ topic, hits: limit })),
      ),
      stub(
        search,
        heartbeating({ every: "1s", times: 2 }, async (topic, limit) => ({ topic, hits: limit })),
      ),
      stub(search, failing()),
      stub(search, hanging()),
      // @ts-expect-error the result is not one of search
      stub(search, async () => "no hits"),
      // @ts-expect-error search has no such argument
      stub(search, async (topic: string, limit: Date) => ({ topic, hits: limit.getTime() })),
    ];
    expect(new Set(stubs.map(({ name }) => name))).toEqual(new Set(["search"]));
    await using test = await TestDaruma.open({ workflows: [searching], activities: stubs.slice(0, 1) });
    const run = await test.start(searching, { input: "owls" });
    expect(await run.result()).toBe(4);
    expectTypeOf(test.calls(search)).toEqualTypeOf<
      readonly ActivityCall<[topic: string, limit: number], { topic: string; hits: number }>[]
    >();
    // @ts-expect-error the result is not one of search
    test.stub(search, async () => "no hits");
  });

  it("runs as the activity would: with a context, attempts and retries", async () => {
    const contexts: string[] = [];
    await using test = await TestDaruma.open({
      workflows: [searching],
      activities: [
        stub(
          search,
          failing({ times: 2, error: new RangeError("busy") }, async (topic, limit) => {
            contexts.push(`${activityContext().activity} ${activityContext().attempt}`);
            return { topic, hits: limit };
          }),
        ),
      ],
    });
    const run = await test.start(searching, { input: "owls", id: "s" });
    expect(await run.result()).toBe(3);
    expect(contexts).toEqual(["search 3"]);
    expect(test.calls(search)).toMatchObject([
      { attempt: 1, status: "failed", error: { message: "busy" }, idempotencyKey: "s/1/1" },
      { attempt: 2, status: "failed", error: { name: "RangeError" }, idempotencyKey: "s/1/1" },
      { attempt: 3, status: "completed", result: { topic: "owls", hits: 3 }, idempotencyKey: "s/1/1" },
    ]);
    const [first, second, third] = test.calls(search).map(({ time }) => time);
    expect([(second ?? 0) - (first ?? 0), (third ?? 0) - (second ?? 0)]).toEqual([2000, 4000]);
  });

  it("can fail for good", async () => {
    await using test = await TestDaruma.open({
      workflows: [searching],
      activities: [stub(search, failing())],
    });
    const run = await test.start(searching, { input: "owls" });
    const error = await run.result().catch((caught: unknown) => caught as ApplicationError);
    expect(String(error)).toContain("Attempt 5 of search fails in this test");
    expect(test.calls(search)).toHaveLength(5);
  });

  it("tells the next attempt its heartbeats", async () => {
    const crunch = activity("crunch", async (size: number) => size, { heartbeatTimeout: "10s" });
    const crunching = workflow("crunching", async () => crunch(7));
    const said: unknown[] = [];
    const beat = heartbeating({ every: "5s", times: 2, details: (count) => `beat ${count}` }, hanging());
    await using test = await TestDaruma.open({
      workflows: [crunching],
      activities: [
        stub(crunch, async () => {
          const { attempt, heartbeatDetails } = activityContext();
          said.push(heartbeatDetails);
          return attempt === 1 ? beat() : 14;
        }),
      ],
    });
    expect(await (await test.start(crunching)).result()).toBe(14);
    expect(said).toEqual([undefined, "beat 2"]);
  });

  it("can be exchanged during the test", async () => {
    await using test = await TestDaruma.open({
      workflows: [month],
      activities: { greet: async () => "one" },
    });
    const run = await test.start(month, { input: "Ada" });
    await test.settle();
    test.stub(greet, async (name) => `two ${name}`);
    expect(await run.result()).toEqual(["one", "two Ada again"]);
    test.stub("greet", async () => "three");
    expect((await (await test.start(month, { input: "Bob" })).result())[0]).toBe("three");
  });
});

describe("calls", () => {
  it("are what the test can ask for, of one activity or of all", async () => {
    await using test = await TestDaruma.open({ workflows: [month, searching] });
    await (await test.start(searching, { input: "owls" })).result();
    await (await test.start(month, { input: "Ada" })).result();
    expect(test.calls(greet).map(({ args: [name] }) => name)).toEqual(["Ada", "Ada again"]);
    expect(test.calls("search")).toHaveLength(1);
    expect(test.calls().map((call) => call.activity)).toEqual(["search", "greet", "greet"]);
    expect(test.calls("other")).toEqual([]);
  });

  it("keep what came in, whatever the function does with it", async () => {
    const empty = activity("empty", async (numbers: number[]) => numbers.splice(0).length);
    const emptying = workflow("emptying", async () => empty([3, 1, 2]));
    await using test = await TestDaruma.open({ workflows: [emptying] });
    expect(await (await test.start(emptying)).result()).toBe(3);
    expect(test.calls(empty)[0]?.args).toEqual([[3, 1, 2]]);
  });
});

describe("a test that runs only stubs", () => {
  it("fails an activity that has none, at once and by name", async () => {
    await using test = await TestDaruma.open({
      workflows: [searching],
      onlyStubs: true,
      activities: { serch: failing() },
    });
    const run = await test.start(searching, { input: "owls" });
    await expect(run.result()).rejects.toThrow(/"search" has no stub[\s\S]*expected: one of serch/);
    expect(test.calls(search)).toHaveLength(1);
  });
});
