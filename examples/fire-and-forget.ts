/**
 * Fire and forget, durably: a detached child. Its parent does not wait for it, does not fail with it, and does not take it along when it
 * ends or is canceled. But it is committed together with the parent's turn: what was fired is never lost.
 */
import { activity, activityContext, child, Daruma, workflow } from "daruma";

const persist = activity(
  "persist",
  async (agent: string, tokens: number) => {
    await activityContext().sleep("200ms");
    console.log(`audit: ${agent} used ${tokens} tokens`);
  },
  { startToCloseTimeout: "5s", retry: { maximumAttempts: 1 } },
);

const audit = workflow("audit", (entry: { agent: string; tokens: number }) =>
  persist(entry.agent, entry.tokens),
);

const answer = workflow("answer", async (question: string) => {
  child.start(audit, { agent: "writer", tokens: 812 }, { id: "audit-1", parentClose: "abandon" });
  return `42 (${question})`;
});

const daruma = await Daruma.open("memory:", { workflows: [answer, audit] });
const run = await daruma.start(answer, { input: "why?" });
console.log("answer:", await run.result()); // at once
const handle = daruma.get("audit-1");
await handle.result(); // only so that this example does not end before the audit has
console.log("audit:", (await handle.describe()).status);
await daruma.close();

/* Output:
answer: 42 (why?)
audit: writer used 812 tokens
audit: completed
*/
