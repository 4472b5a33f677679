/**
 * Fire and forget, durably: a detached child outlives its parent. The parent does not wait and does not fail with it;
 * but the child is committed together with the parent's turn, so it is never forgotten by accident.
 */
import { activity, activityContext, child, Daruma, workflow } from "daruma";

const persist = activity(
  "persist",
  async (agent: string, tokens: number) => {
    await activityContext().sleep("100ms");
    console.log(`audit: ${agent} used ${tokens} tokens`);
  },
  { startToCloseTimeout: "5s", retry: { maximumAttempts: 1 } },
);

const audit = workflow("audit", (entry: { agent: string; tokens: number }) =>
  persist(entry.agent, entry.tokens),
);

const answer = workflow("answer", async (question: string) => {
  child.start(audit, { agent: "writer", tokens: 812 }, { id: "audit of a-1", parentClose: "abandon" });
  return `42 (${question})`;
});

const daruma = await Daruma.open("memory:", { workflows: [answer, audit] });
const run = await daruma.start(answer, { id: "a-1", input: "why?" });
console.log("answer:", await run.result()); // at once
await daruma.get("audit of a-1").result(); // only so that this example does not end before the audit has
const { status } = await daruma.get("audit of a-1").describe();
console.log("audit:", status);
await daruma.close();

/* Output:
answer: 42 (why?)
audit: writer used 812 tokens
audit: completed
*/
