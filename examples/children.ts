/** Child runs: runs with a history of their own. A child's failure is its own; the parent gets a typed error and decides. */
import { activity, child, ChildError, Daruma, runInfo, signal, workflow } from "daruma";

const fetchPage = activity(
  "fetch page",
  async (topic: string) => {
    if (topic === "void") throw new Error("nothing there");
    return `page about ${topic}`;
  },
  { retry: { maximumAttempts: 1 } },
);

const go = signal("go");

const search = workflow("search", async (topic: string) => {
  await go.receive({ timeout: "1h" });
  return fetchPage(topic);
});

const research = workflow("research", async (topics: string[]) => {
  // Fan out: all children run at once. The ids default to one derived from the parent's; here they are our own.
  const children = topics.map((topic) => child.start(search, topic, { id: `${runInfo().id}/${topic}` }));
  for (const started of children) started.signal(go);
  const settled = await Promise.allSettled(children.map((started) => started.result()));
  return settled.map((one) => {
    if (one.status === "fulfilled") return one.value;
    const { reason } = one as { reason: unknown };
    if (reason instanceof ChildError) return `${reason.runId} failed: ${(reason.cause as Error).message}`;
    throw reason;
  });
});

const daruma = await Daruma.open("memory:", { workflows: [research, search] });
const run = await daruma.start(research, { id: "r-1", input: ["tea", "void", "rain"] });
for (const line of await run.result()) console.log(line);
for await (const { id, status } of daruma.list({ workflow: "search", status: "failed" }))
  console.log(id, status);
await daruma.close();

/* Output:
page about tea
r-1/void failed: nothing there
page about rain
r-1/void failed
*/
