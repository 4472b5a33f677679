// Recorded histories against today's code, as CI of a user would do it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { child, runInfo, sleep, workflow, type AnyWorkflow, type HistoryEvent } from "daruma";
import { formatHistory, parseHistory, replayHistory, TestDaruma } from "daruma/testing";
import { greet, month } from "./samples.ts";

/** The history of one run of `subject`, ended or as far as it comes by itself. */
async function record(subject: AnyWorkflow, input: unknown, until?: string): Promise<HistoryEvent[]> {
  await using test = await TestDaruma.open({ workflows: [subject, month] });
  const run = await test.start(subject.name, { input, id: "recorded" });
  if (until === undefined) await test.idle();
  else await test.advance(until);
  return await Array.fromAsync(run.history());
}

const renamed = workflow("month", async (name: string) => {
  const first = await greet(name);
  await sleep("30d");
  return child(month, first);
});

describe("a history that the code fits", () => {
  it("is replayed to its end, without calling anything", async () => {
    const events = await record(month, "Ada");
    expect(await replayHistory({ workflow: month, events })).toEqual({
      workflow: "month",
      events: events.length,
      status: "completed",
    });
  });

  it("may be open, or have nothing but a start", async () => {
    const events = await record(month, "Ada", "10d");
    expect(await replayHistory({ workflow: month, events })).toMatchObject({ status: "running" });
    expect(await replayHistory({ workflow: month, events: events.slice(0, 1) })).toMatchObject({ events: 1 });
  });

  it("names its workflow", async () => {
    const events = await record(month, "Ada");
    const other = workflow("other", async () => {});
    expect(await replayHistory({ workflow: [other, month], events })).toMatchObject({ workflow: "month" });
    await expect(replayHistory({ workflow: [other], events })).rejects.toMatchObject({
      code: "DRM-UNKNOWN-WORKFLOW",
    });
  });

  it("may differ in inputs, unless they are to be compared too", async () => {
    const events = await record(month, "Ada");
    const louder = workflow("month", async (name: string) => {
      const first = await greet(name.toUpperCase());
      await sleep("30d");
      return [first, await greet(`${name} again`)];
    });
    expect(await replayHistory({ workflow: louder, events })).toMatchObject({ status: "completed" });
    await expect(replayHistory({ workflow: louder, events, strict: true })).rejects.toMatchObject({
      expected: 'activity_scheduled greet #1 ["Ada"]',
      found: 'activity_scheduled greet #1 ["ADA"]',
    });
  });

  it("can be told which run it is of", async () => {
    const knowing = workflow("knowing", async () => greet(`${runInfo().id}/${runInfo().generation}`));
    const events = await record(knowing, undefined);
    const options = { workflow: knowing, events, strict: true };
    await expect(replayHistory(options)).rejects.toMatchObject({
      found: expect.stringContaining("replay/1"),
    });
    expect(await replayHistory({ ...options, id: "recorded" })).toMatchObject({ status: "completed" });
    // As the command line writes it.
    const named = events.map((event) => ({ run: "recorded", generation: 1, ...event }));
    expect(await replayHistory({ ...options, events: named })).toMatchObject({ status: "completed" });
  });
});

describe("a history that the code does not fit", () => {
  it("says what was expected, what came, and where", async () => {
    const error: unknown = await replayHistory({
      workflow: renamed,
      events: await record(month, "Ada"),
    }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: "NonDeterminismError",
      code: "DRM-NONDETERMINISM",
      expected: "activity_scheduled greet #3",
      found: "child_started month #3",
      site: expect.stringMatching(/test\/testing\/replay-history\.test\.ts:\d+:\d+$/),
    });
  });

  it("says so for code that asks for less, or for more", async () => {
    const events = await record(month, "Ada");
    const shorter = workflow("month", async (name: string) => [await greet(name)]);
    await expect(replayHistory({ workflow: shorter, events })).rejects.toMatchObject({
      expected: "timer_started sleep #2",
      found: "run_completed",
      site: expect.stringContaining("replay-history.test.ts"),
    });
    const longer = workflow("month", async (name: string) => {
      const first = await greet(name);
      await Promise.all([sleep("30d"), greet("more")]);
      return first;
    });
    await expect(replayHistory({ workflow: longer, events })).rejects.toMatchObject({
      expected: "nothing more in this turn",
      found: "activity_scheduled greet #3",
    });
  });

  it("finds a wait that is not durable", async () => {
    const stray = workflow("month", async (name: string) => {
      await greet(name);
      await new Promise(() => {});
    });
    const events = await record(month, "Ada");
    await expect(replayHistory({ workflow: stray, events })).rejects.toMatchObject({
      code: "DRM-STRAY-AWAIT",
    });
    await expect(replayHistory({ workflow: stray, events: events.slice(0, 2) })).resolves.toBeDefined();
  });
});

describe("a history in a file", () => {
  let folder = "";
  const file = (name: string): { file: string } => ({ file: join(folder, name) });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "daruma-replay-"));
    const events = await record(month, "Ada");
    await writeFile(file("lines.jsonl").file, formatHistory(events));
    await writeFile(file("windows.jsonl").file, formatHistory(events).replaceAll("\n", "\r\n\r\n"));
    await writeFile(file("array.json").file, JSON.stringify(events, undefined, 2));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(["lines.jsonl", "windows.jsonl", "array.json"])("is read: %s", async (name) => {
    expect(await replayHistory({ workflow: month, events: file(name) })).toMatchObject({
      status: "completed",
    });
  });

  it("that cannot be read is an error that names it", async () => {
    await expect(replayHistory({ workflow: month, events: file("none.jsonl") })).rejects.toMatchObject({
      code: "DRM-INVALID-OPTION",
      message: expect.stringContaining("none.jsonl"),
    });
  });
});

describe("the format", () => {
  const [start, next] = [
    '{"seq":1,"type":"run_started","workflow":"w","seed":"s","time":1}',
    '{"seq":2,"type":"run_paused","time":1}',
  ];

  it("takes what it writes, and fields that it does not know", () => {
    const text = `${start}\n${next.replace("}", ',"new":1}')}\n`;
    expect(formatHistory(parseHistory(text))).toBe(text);
  });

  it("takes the last of several generations, without the result", () => {
    const text = `${start}\n${next}\n${start.replace('"s"', '"s2"')}\n{"run":"r","type":"result","result":1}\n`;
    expect(parseHistory(text)).toMatchObject([{ type: "run_started", seed: "s2" }]);
  });

  it.each([
    ["nothing", ""],
    ["no JSON", `${start}\n{oops`],
    ["a hole", `${start}\n${next.replace("2", "3")}`],
    ["another beginning", next.replace("2", "1")],
    ["a second beginning", `${start}\n${start.replace('"seq":1', '"seq":2')}`],
    ["a kind that is not known", `${start}\n${next.replace("run_paused", "run_danced")}`],
    ["no time", `${start}\n${next.replace(',"time":1', "")}`],
    ["something that is no event", `${start}\nnull`],
    ["a later version", `{"format":2}\n${start}`],
  ])("refuses %s", (_what, text) => {
    expect(() => parseHistory(text)).toThrow(expect.objectContaining({ code: "DRM-CORRUPT-HISTORY" }));
  });
});
