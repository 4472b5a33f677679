// `daruma replay`
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withOpenRun } from "./support/stores.ts";
import { daruma, inNewStore, moduleFile, newFolder } from "./support/world.ts";

const file = moduleFile("flows.ts");

describe("replay", () => {
  it("checks files and runs against the code of today", async () => {
    const { store, run } = await withOpenRun();
    const path = join(newFolder(), "w.jsonl");
    writeFileSync(path, (await run("history", "w", "--json")).out);
    expect(readFileSync(path, "utf8")).toContain('"type":"activity_completed"');
    expect(await run("replay", path, "w", "--with", file)).toMatchObject({
      code: 0,
      out: `ok  ${path}: 3 events of waiting\nok  w: 3 events of waiting\n2 of 2 histories fit.\n`,
    });
    const { code, out } = await daruma(["replay", "w", "--with", moduleFile("changed.ts"), "--store", store]);
    expect(code).toBe(1);
    expect(out).toMatch(
      /differs .*at .*changed\.ts:\d+:\d+.*expected: activity_scheduled greet #1\n +found: activity_scheduled salute #1/su,
    );
    expect((await run("replay", path, "--with", moduleFile("changed.ts"), "--json")).json()).toMatchObject([
      { ok: false, error: { code: "DRM-NONDETERMINISM", expected: "activity_scheduled greet #1" } },
    ]);
  });

  it("takes a run whose first turn is to come, and needs the workflow", async () => {
    const { run } = inNewStore();
    await run("start", file, "--workflow", "hello", "--id", "h");
    expect((await run("replay", "h", "--with", file)).code).toBe(0);
    expect((await run("replay", "h", "--with", moduleFile("one.ts"))).code).toBe(1);
  });

  it.each([
    ["", /is empty.*expected: run_started/su],
    ["{", /line 1 is not JSON/u],
    ['{"type":"run_started","seq":2}', /event 1 has another number.*found: 2/su],
    ["\u0000\u001b[31m", /line 1 is not JSON/u],
  ])("says what is wrong with a file that holds %j", async (text, message) => {
    const path = join(newFolder(), "x.jsonl");
    writeFileSync(path, text);
    const { code, err } = await daruma(["replay", path, "--with", file]);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(err).toContain("DRM-CORRUPT-HISTORY");
  });

  it("knows a file that is missing from a run that is missing", async () => {
    expect((await daruma(["replay", "gone.jsonl", "--with", file])).code).toBe(2);
  });
});
