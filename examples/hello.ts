import { activity, Daruma, signal, workflow } from "daruma";

const search = activity("search", async (topic: string) => `2 pages about ${topic}`, {
  startToCloseTimeout: "30s",
  retry: { maximumAttempts: 3 },
});
const approve = signal<{ by: string }>("approve");

const research = workflow("research", async (topics: string[]) => {
  const found = await Promise.all(topics.map((topic) => search(topic))); // recorded: a finished search never runs again
  const { by } = await approve.receive({ timeout: "7d" }); // recorded too: a restart changes nothing
  return `${found.join(", ")}, approved by ${by}`;
});

const daruma = await Daruma.open("memory:", { workflows: [research] }); // "sqlite:./daruma.db" outlives the process
const run = await daruma.start(research, { id: "r-1", input: ["tea", "rain"] });
await run.signal(approve, { by: "mika" }); // kept, if nobody waits for it yet
console.log(await run.result());
await daruma.close();

/* Output:
2 pages about tea, 2 pages about rain, approved by mika
*/
