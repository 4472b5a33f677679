/** Heartbeats: a long activity says that it is alive, and how far it is. One that falls silent is called again and goes on from there. */
import { activity, activityContext, Daruma, workflow } from "daruma";

const rows = ["a", "b", "c", "d", "e"];
const log: string[] = [];

const importRows = activity(
  "import rows",
  async () => {
    const context = activityContext();
    const { attempt, heartbeatDetails } = context; // the details of the attempt before
    for (let at = Number(heartbeatDetails ?? 0); at < rows.length; at++) {
      log.push(`attempt ${attempt} imports ${rows[at]}`);
      context.heartbeat(at + 1); // the next attempt would begin here
      if (attempt === 1 && at === 2) await context.sleep("1h"); // hangs, and is silent for 50 ms
    }
    return rows.length;
  },
  { heartbeatTimeout: "50ms", retry: { backoff: { initialInterval: "10ms" } } },
);

const nightly = workflow("nightly", async () => `${await importRows()} rows`);

const daruma = await Daruma.open("memory:", { workflows: [nightly] });
const run = await daruma.start(nightly);
console.log(await run.result());
for (const line of log) console.log(line);
await daruma.close();

/* Output:
5 rows
attempt 1 imports a
attempt 1 imports b
attempt 1 imports c
attempt 2 imports d
attempt 2 imports e
*/
