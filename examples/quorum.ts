/**
 * k of n with an overall time limit: five searches, two minutes, go on with any three.
 * Searches that fail or dawdle do not block; whoever is still searching when there are three is canceled.
 */
import { activity, activityContext, Daruma, some, workflow, type Duration } from "daruma";

const canceled: string[] = [];
const takes = new Map<string, Duration>([
  ["a", "20ms"],
  ["b", "120ms"],
  ["c", "220ms"],
  ["slow", "1h"],
]);

const search = activity(
  "search",
  async (engine: string) => {
    const context = activityContext();
    context.signal.addEventListener("abort", () => canceled.push(engine));
    if (engine === "broken") throw new Error("503");
    await context.sleep(takes.get(engine) ?? 0);
    return `found by ${engine}`;
  },
  { startToCloseTimeout: "90s", retry: { maximumAttempts: 1 } },
);

const report = workflow("report", async (engines: string[]) => {
  const calls = engines.map((engine) => () => search(engine));
  const { results, failures, timedOut } = await some(3, calls, { timeout: "2m", minimum: 1 });
  return {
    results: results.map(({ value }) => value),
    failed: failures.map(({ index }) => engines[index]),
    timedOut,
  };
});

const daruma = await Daruma.open("memory:", { workflows: [report] });
const run = await daruma.start(report, { input: ["a", "broken", "b", "slow", "c"] });
console.log(await run.result());
console.log("canceled:", canceled);
await daruma.close();

/* Output:
{
  results: [ 'found by a', 'found by b', 'found by c' ],
  failed: [ 'broken' ],
  timedOut: false
}
canceled: [ 'slow' ]
*/
