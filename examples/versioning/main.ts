/** One run is half done when new code is deployed; another is started after that. Both complete. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Daruma } from "daruma";
import { replayHistory } from "daruma/testing";
import { fulfil } from "./fulfil.ts";
import { oldFulfil } from "./old-fulfil.ts";

const folder = mkdtempSync(join(tmpdir(), "daruma-versioning-"));
const url = `sqlite:${join(folder, "orders.db")}`;

console.log("old code");
const before = await Daruma.open(url, { workflows: [oldFulfil], drain: 0 });
const old = await before.start(oldFulfil, { id: "old", input: "kettle" });
for await (const event of old.history({ follow: true })) {
  if (event.type === "activity_scheduled" && event.name === "StepB") break;
}
await before.close();

console.log("new code");
const after = await Daruma.open(url, { workflows: [fulfil] });
await after.get("old").result();
console.log("old: completed");
await (await after.start(fulfil, { id: "new", input: "lamp" })).result();
console.log("new: completed");
await after.close();
rmSync(folder, { recursive: true });

// What a project does in its tests: histories of old runs, kept in files, are replayed against today's code.
const file = new URL("old-history.jsonl", import.meta.url);
const { events, status } = await replayHistory({ workflow: fulfil, events: { file } });
console.log(`a recorded history of ${events} events fits: ${status}`);

/* Output:
old code
  StepA(kettle)
  StepB(kettle), attempt 1
new code
  StepB(kettle), attempt 2
old: completed
  StepA(lamp)
  StepC(lamp)
  StepB2({"order":"lamp","express":true})
new: completed
a recorded history of 6 events fits: completed
*/
