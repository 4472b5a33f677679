// Promises that nobody handles: those of workflow code end neither the process nor other runs; with all others Node does what it always does.
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activity, Daruma, sleep, workflow } from "../../src/index.ts";
import type { TelemetryEvent } from "../../src/telemetry/telemetry.ts";

const fails = activity(
  "fails",
  () => {
    throw new RangeError("from an activity");
  },
  { retry: { maximumAttempts: 1 } },
);

const careless = workflow("careless", async () => {
  void Promise.reject(new TypeError("at once"));
  void (async () => {
    await sleep(1);
    throw new TypeError("a turn later");
  })();
  void fails().then(() => "never");
  queueMicrotask(() => {
    throw new TypeError("in a microtask");
  });
  void Promise.reject(undefined);
  await sleep(20);
  return "went on";
});
const other = workflow("other", async () => {
  await sleep(5);
  return "other";
});

describe("workflow code that leaves a rejected promise behind", () => {
  const logs: TelemetryEvent[] = [];
  let daruma: Daruma;
  beforeAll(async () => {
    daruma = await Daruma.open("memory:", {
      workflows: [careless, other],
      telemetry: (event) => void logs.push(event),
      checkDeterminism: true,
    });
  });
  afterAll(() => daruma.close());

  it("goes on, others too, and it is reported with the run's id", async () => {
    const runs = await Promise.all([
      daruma.start(other),
      daruma.start(careless, { id: "c" }),
      daruma.start(other),
    ]);
    expect(await Promise.all(runs.map((run) => run.result()))).toEqual(["other", "went on", "other"]);
    const reports = logs.filter(({ event }) => event === "unhandled_rejection");
    for (const text of ["at once", "a turn later", "from an activity", "in a microtask", "undefined"]) {
      // Once: the determinism check does the same again, and says nothing.
      expect(reports.filter(({ message }) => message.includes(text))).toMatchObject([
        { level: "warn", runId: "c", workflow: "careless" },
      ]);
    }
    expect(logs.filter(({ level }) => level === "error")).toEqual([]);
  });
});

/** Runs a program that has a workflow with a rejection of its own, and then `more`. */
function program(more: string): {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
} {
  const code = `
    import { Daruma, sleep, workflow } from "./src/index.ts";
    const careless = workflow("careless", async () => {
      void Promise.reject(new Error("of the workflow"));
      await sleep(1);
      return "done";
    });
    const daruma = await Daruma.open("memory:", { workflows: [careless], checkDeterminism: false });
    const result = await (await daruma.start(careless)).result();
    console.log(result);
    ${more}
  `;
  const flags = ["--conditions=daruma-source", "--input-type=module-typescript", "-e", code];
  const { status, stdout, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8" });
  return { status, out: stdout, err: stderr };
}

describe("a rejection from elsewhere", () => {
  it("ends the process, as ever; that of the workflow does not", () => {
    const crash = `setTimeout(() => void Promise.reject(new Error("of somebody else")), 1);`;
    const { status, out, err } = program(crash);
    expect(status).toBe(1);
    expect(out).toBe("done\n");
    expect(err).toContain("Error: of somebody else");
    expect(err).toContain('"event":"unhandled_rejection"');
    expect(program("await daruma.close();").status).toBe(0);
  });

  it("goes to the listeners of the user, and only that", () => {
    const listen = `
      process.on("unhandledRejection", (reason) => console.log("heard", reason.message));
      await (await daruma.start(careless)).result();
      void Promise.reject(new Error("of somebody else"));
      setTimeout(() => void daruma.close(), 5);
    `;
    const { status, out } = program(listen);
    expect({ status, out }).toEqual({ status: 0, out: "done\nheard of somebody else\n" });
  });
});
