// The watchdog in a process of its own: what else goes on there is not harmed, and a debugger is respected.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { turnMs } from "../support/stuck-workflows.ts";

const folder = mkdtempSync(join(tmpdir(), "daruma-watchdog-"));
afterAll(() => rmSync(folder, { recursive: true }));

function flags(code: string): string[] {
  return ["--conditions=daruma-source", "--input-type=module-typescript", "-e", code];
}

const opening = `
  import { Daruma, activity, signal, sleep, workflow } from "./src/index.ts";
  import { AsyncResource, createHook } from "node:async_hooks";
  const limits = { turnMs: ${turnMs} };
  const options = (...workflows) => ({ workflows, limits, checkDeterminism: false, telemetry: () => {} });
  const code = (error) => error.code;
`;

describe("a turn that is cut off", () => {
  // Ways to be stuck that leave Node's own book-keeping in a state which would end the process.
  const ways: Readonly<Record<string, string>> = {
    "in an async resource": `new AsyncResource("own").runInAsyncScope(() => { for (;;); })`,
    "in an async resource, under async hooks": `new AsyncResource("own").runInAsyncScope(() => { for (;;); })`,
    "in a microtask of queueMicrotask": `queueMicrotask(() => { for (;;); }); await sleep("1h");`,
    "under async hooks": `for (;;);`,
  };

  it.each(Object.keys(ways))("%s leaves everything else in the process as it was", (way) => {
    const program = `${opening}
      ${way.includes("hooks") ? "createHook({ init() {}, before() {}, after() {}, promiseResolve() {} }).enable();" : ""}
      const stuck = workflow("stuck", async () => { ${ways[way]} });
      const honest = workflow("honest", async () => { await sleep(5); return "fine"; });
      const daruma = await Daruma.open("memory:", options(stuck, honest));
      // Callbacks of all kinds stand around the turn.
      const seen = new Set();
      const around = () => setImmediate(() => { seen.add("immediate"); process.nextTick(() => seen.add("tick")); });
      const results = [];
      for (let round = 0; round < 3; round++) {
        around();
        const runs = [daruma.start(honest), daruma.start(stuck), daruma.start(honest)];
        around();
        setTimeout(() => seen.add("timer"), 1);
        Promise.resolve().then(() => seen.add("promise"));
        for (const run of runs) results.push(await (await run).result().catch(code));
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
      await daruma.close();
      console.log(JSON.stringify({ results, seen: [...seen].sort() }));
    `;
    const { status, stdout, stderr } = spawnSync(process.execPath, flags(program), { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const rounds = ["fine", "DRM-STUCK-TURN", "fine"];
    expect(JSON.parse(stdout)).toEqual({
      results: [...rounds, ...rounds, ...rounds],
      seen: ["immediate", "promise", "tick", "timer"],
    });
  });

  it("belongs to its engine: another one in the process goes on", () => {
    const program = `${opening}
      const stuck = workflow("stuck", () => { for (;;); });
      const work = activity("work", async (n) => n);
      const busy = workflow("busy", async () => { let sum = 0; for (let n = 0; n < 200; n++) sum += await work(1); return sum; });
      const one = await Daruma.open("memory:", options(stuck));
      const other = await Daruma.open("memory:", options(busy));
      const sums = [other.start(busy), other.start(busy)];
      const guilty = await one.start(stuck);
      const result = await guilty.result().catch(code);
      console.log(JSON.stringify([result, ...(await Promise.all(sums.map(async (run) => (await run).result())))]));
      await one.close();
      await other.close();
    `;
    const { status, stdout } = spawnSync(process.execPath, flags(program), { encoding: "utf8" });
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: '["DRM-STUCK-TURN",200,200]' });
  });

  it("does not hit an activity that keeps the thread: only turns are watched", () => {
    const program = `${opening}
      const real = Date.now;
      const long = activity("long", () => { const from = real(); while (real() - from < ${3 * turnMs}); return "done"; });
      const patient = workflow("patient", () => long());
      const daruma = await Daruma.open("memory:", options(patient));
      console.log(await (await daruma.start(patient)).result());
      await daruma.close();
    `;
    const { status, stdout } = spawnSync(process.execPath, flags(program), { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "done\n" });
  });
});

describe("the watchdog's thread", () => {
  it("loads nothing that the process preloads, and ends with the process", () => {
    const preload = join(folder, "preload.mjs");
    writeFileSync(
      preload,
      `import { threadId } from "node:worker_threads"; console.log("preloaded in", threadId);`,
    );
    const program = `${opening}
      const stuck = workflow("stuck", () => { for (;;); });
      const daruma = await Daruma.open("memory:", options(stuck));
      console.log(await (await daruma.start(stuck)).result().catch(code));
      await daruma.close();
    `;
    const { status, stdout } = spawnSync(process.execPath, ["--import", preload, ...flags(program)], {
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: `--import ${preload}` },
    });
    expect(status).toBe(0);
    // Twice for the main thread: once for the flag, once for the variable.
    expect(stdout.replaceAll("preloaded in 0\n", "")).toBe("DRM-STUCK-TURN\n");
  });

  it("cuts nobody off while the process can be debugged, and says so", async () => {
    const program = `${opening}
      const stuck = workflow("stuck", () => { for (;;); });
      const daruma = await Daruma.open("memory:", options(stuck));
      console.log(await (await daruma.start(stuck)).result().catch(code));
    `;
    const child = spawn(process.execPath, ["--inspect=127.0.0.1:0", ...flags(program)]);
    const { promise, resolve } = Promise.withResolvers<string>();
    let told = "";
    let out = "";
    child.stdout.on("data", (text: Buffer) => (out += text.toString()));
    child.stderr.on("data", (text: Buffer) => {
      told += text.toString();
      if (told.includes("stuck_turn")) resolve(told);
    });
    expect(await promise).toContain("It is not cut off, because this process can be debugged.");
    expect(out).toBe("");
    child.kill("SIGKILL");
    await new Promise((over) => child.once("exit", over));
  });
});
