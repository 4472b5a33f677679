/** Found by the kills: a signal that waited in an inbox beside the answer of a child was dropped when that answer ended the run. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { child, Daruma, signal, workflow } from "daruma";
import { expect, onTestFinished, test } from "vitest";

const go = signal("go");
const note = signal<string>("note");

const waiter = workflow("waiter", () => go.receive());

const parent = workflow("parent", async () => {
  const notes: string[] = [];
  note.handle((text) => void notes.push(text));
  await child(waiter, undefined, { id: "the child" });
  return notes;
});

test("S1: a signal that was acknowledged is not overtaken by an answer that ends its run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "daruma-beside-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const url = `sqlite:${join(folder, "daruma.db")}`;
  {
    await using both = await Daruma.open(url, { workflows: [parent, waiter] });
    await both.start(parent, { id: "the parent" });
  }
  {
    // Here nobody has the parent's code, so what comes for it waits.
    await using one = await Daruma.open(url, { workflows: [waiter] });
    await one.get("the child").signal(go);
    await one.get("the child").result();
    await one.get("the parent").signal(note, "after the answer");
  }
  await using both = await Daruma.open(url, { workflows: [parent, waiter] });
  expect(await both.get("the parent").result()).toEqual(["after the answer"]);
  const types = (await Array.fromAsync(both.get("the parent").history())).map(({ type }) => type);
  expect(types.slice(-3)).toEqual(["signal_received", "child_closed", "run_completed"]);
});
