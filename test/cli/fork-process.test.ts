// Fork and retry in processes of their own, with a kill in the middle.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandsIn } from "./support/processes.ts";
import { newFolder } from "./support/world.ts";

/** `second` fails until there is a file `ok`, and does not end as long as there is a file `hang`. Calls are lines of the file `calls`. */
const source = `
import { appendFileSync, existsSync } from "node:fs";
import { activity, activityContext, workflow } from "daruma";
const note = (name) => appendFileSync("calls", name + " " + activityContext().idempotencyKey + "\\n");
const first = activity("first", async () => { note("first"); return 1; });
const second = activity("second", async (n) => {
  note("second");
  while (existsSync("hang")) await activityContext().sleep(20);
  if (!existsSync("ok")) throw new Error("not ok");
  return n + 1;
}, { retry: { maximumAttempts: 1 } });
export default workflow("two", async () => second(await first()));
`;

describe("fork and retry, as processes", { timeout: 60_000 }, () => {
  it("survive a kill while what failed is called again", async () => {
    const folder = newFolder();
    const daruma = commandsIn(folder);
    const calls = (): string[] => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    const done = async (...args: string[]): Promise<string> => {
      const command = daruma(...args);
      expect({ code: await command.end(), err: command.err }).toMatchObject({ code: 0 });
      return command.out;
    };
    writeFileSync(join(folder, "two.ts"), source);
    writeFileSync(join(folder, "package.json"), "{}");
    expect(await daruma("run", "two.ts", "--id", "r").end()).toBe(1);

    for (const file of ["ok", "hang"]) writeFileSync(join(folder, file), "");
    // Nobody has the database open: both are written, and wait.
    expect(await done("retry", "r")).toContain("r goes on as generation 2");
    expect(await done("fork", "r", "--id", "f", "--at", "4")).toBe("f\n");
    const worker = daruma("worker", "two.ts", "--json");
    await worker.says(/"type":"ready"/u);
    while (calls().length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    worker.child.kill("SIGKILL");
    await worker.end();

    rmSync(join(folder, "hang"));
    const next = daruma("worker", "two.ts", "--json");
    await next.says(/"type":"ready"/u);
    expect([await done("result", "r"), await done("result", "f")]).toEqual(["2\n", "2\n"]);
    next.child.kill("SIGTERM");
    expect(await next.end()).toBe(0);
    expect(calls().toSorted()).toEqual([
      "first r/1/1",
      "second f/1/2",
      "second f/1/2",
      "second r/1/2",
      "second r/2/2",
      "second r/2/2",
    ]);
  });
});
