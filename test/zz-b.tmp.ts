import { activity, workflow, Daruma } from "daruma";
const bad = activity("bad", async () => 1, { startToCloseTimeout: "5 minuts" });
const w = workflow("w", async () => bad());
const d = await Daruma.open("memory:", { workflows: [w], onFatal: (e) => console.log("FATAL", e.message) });
const run = await d.start(w);
await run.result();
