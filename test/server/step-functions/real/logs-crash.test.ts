// An execution that a task starts is logged at least once, whatever becomes of the process and of the one that starts it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Daruma } from "../../../../src/embedded/daruma.ts";
import type { TelemetryEvent } from "../../../../src/telemetry/telemetry.ts";
import {
  account,
  all,
  create,
  fatal,
  type Line,
  logs,
  pass,
  passed,
  settled,
  start,
  starting,
  unlogged,
} from "./logging.ts";
import { chain, folder, openReal, until } from "./real.ts";
import { serve } from "./served.ts";

/** A store in a file, and what is in it while nobody serves it. */
function store(): { url: string; open: () => Promise<Daruma> } {
  const url = `sqlite:${join(folder(), "daruma.db")}`;
  return { url, open: async () => await Daruma.open(url, { endpoint: false, telemetry: () => {} }) };
}

const waits = (Seconds: number): object => ({ Type: "Wait", Seconds });
const waited = ["ExecutionStarted", "WaitStateEntered", "WaitStateExited", "ExecutionSucceeded"];

test("one that outlives the server and its starter is logged by the next server, once", async () => {
  const { url } = store();
  const { lines, types, log } = logs();
  const told: string[] = [];
  const telemetry = ({ event }: TelemetryEvent): void => void told.push(event);
  const first = await openReal({ url, log, telemetry });
  const inner = await create(first, "inner", { Wait: waits(1) }, all);
  await first.ended(
    await start(first, await create(first, "outer", { Start: starting(inner, { Name: "i" }) })),
  );
  await first.close();
  expect(lines).toEqual([]);
  const second = await openReal({ url, log });
  await settled(second);
  expect(types(`${account}:execution:inner:i`)).toEqual(waited);
  await second.close();
  await settled(await openReal({ url, log }));
  expect(lines).toHaveLength(waited.length);
  // Nothing has failed: it was only not over yet.
  expect(told).not.toContain("execution_log_failed");
});

test("a task that was interrupted after it had said what it will start, starts that; it is logged once", async () => {
  const { url, open } = store();
  const { lines, types, log } = logs();
  const first = await openReal({ url, log });
  const inner = await create(first, "inner", { Pass: pass }, all);
  const outer = await create(first, "outer", {
    Wait: waits(1),
    Start: starting(inner, { pattern: ".sync" }),
  });
  const twin = await start(first, outer, "twin");
  await first.ended(twin);
  await settled(first);
  const executionArn = await start(first, outer);
  await first.close();

  // As if the call had come to here in a process that died.
  const daruma = await open();
  const { createdAt } = await daruma.get(executionArn).summary();
  const call = `${createdAt} ${executionArn}/1/${await resolving(daruma, twin)}`;
  const arn = `${account}:execution:inner:said`;
  const text = JSON.stringify({
    runId: arn,
    logging: all,
    task: { starter: executionArn, call, name: "said" },
  });
  await daruma.records.put(unlogged, `task ${call}`, { text });
  await daruma.close();

  const second = await openReal({ url, log });
  lines.length = 0;
  expect(await second.ended(executionArn)).toMatchObject({ status: "SUCCEEDED" });
  await settled(second);
  expect(types(arn)).toEqual(passed);
  expect(lines).toHaveLength(passed.length);
});

/** Which command of the run asks for the machine. */
async function resolving(daruma: Daruma, runId: string): Promise<number> {
  for await (const event of daruma.get(runId).history())
    if (event.type === "activity_scheduled" && event.name === "asl.resolve") return event.ref;
  return expect.unreachable("it starts an execution");
}

test("what a task was to start is given up when its execution ends, and not before", async () => {
  const { url, open } = store();
  const { lines, log } = logs();
  const first = await openReal({ url, log });
  const executionArn = await start(first, await create(first, "outer", { Wait: waits(60) }));
  await first.close();

  const daruma = await open();
  for (const [starter, name] of [
    [executionArn, "open"],
    [`${executionArn}x`, "gone"],
  ]) {
    const awaited = {
      runId: `${account}:execution:inner:${name}`,
      logging: all,
      task: { starter, call: name, name },
    };
    await daruma.records.put(unlogged, `task ${name}`, { text: JSON.stringify(awaited) });
  }
  await daruma.close();

  const second = await openReal({ url, log });
  const left = async (): Promise<readonly string[]> =>
    (await second.records.list(unlogged, { limit: 9 })).map(({ key }) => key);
  await until(async () => (await left()).length === 1);
  expect(await left()).toEqual(["task open"]);
  await second.ok("StopExecution", { executionArn });
  await settled(second);
  expect(lines).toEqual([]);
});

test("kill -9 at any time, and all that tasks have started is logged", { timeout: 90_000 }, async () => {
  const place = folder();
  const file = join(place, "executions.log");
  const count = 200;
  const args = ["--log-executions", file];
  const first = await serve(place, args);
  const inner = await create(first, "inner", { Pass: pass }, all);
  const items = Array.from({ length: count }, (_, index) => index);
  const map = {
    Type: "Map",
    MaxConcurrency: 40,
    ItemProcessor: chain({
      Start: starting(inner, { pattern: ".sync", "Name.$": "States.Format('i{}', $)" }),
    }),
  };
  const outer = await create(first, "outer", { Items: { ...pass, Result: items }, Map: map }, fatal);
  const executionArn = await start(first, outer);
  const logged = (): readonly Line[] => {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    return text.split("\n").flatMap((line) => (line.endsWith("}") ? [JSON.parse(line) as Line] : []));
  };
  await until(() => logged().length > count / 4);
  await first.kill();
  const before = logged().length;
  expect(before).toBeLessThan(count * passed.length);

  const second = await serve(place, args);
  await until(() => logged().length > (before + count * passed.length) / 2);
  await second.kill();

  const third = await serve(place, args);
  expect(await third.ended(executionArn)).toMatchObject({ status: "SUCCEEDED" });
  const arns = items.map((item) => `${account}:execution:inner:i${item}`);
  const types = (): Map<string, Set<string>> => {
    const found = new Map(arns.map((arn) => [arn, new Set<string>()]));
    for (const { execution_arn: arn, type } of logged()) found.get(arn)?.add(type);
    return found;
  };
  await until(() => [...types().values()].every(({ size }) => size === passed.length));
  expect([...types().values()]).toEqual(arns.map(() => new Set(passed)));
  await third.kill();
});
