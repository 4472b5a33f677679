/** Signals: messages into a run. They are kept until somebody reads them, also those that come before anyone waits. */
import { Daruma, signal, TimeoutError, workflow } from "daruma";

const approve = signal<{ by: string }>("approve");
const comment = signal<string>("comment");

const approval = workflow("approval", async (patience: string) => {
  const comments: string[] = [];
  comment.handle((text) => void comments.push(text)); // gets every comment from now on
  try {
    const { by } = await approve.receive({ timeout: patience });
    return `approved by ${by}; comments: ${comments.join(", ")}`;
  } catch (error) {
    // A time-out is a typed error, never a null that could be taken for a payload.
    if (error instanceof TimeoutError) return `nobody approved; comments: ${comments.join(", ") || "none"}`;
    throw error;
  }
});

const daruma = await Daruma.open("memory:", { workflows: [approval] });

const first = await daruma.start(approval, { id: "a-1", input: "7d" });
await first.signal(comment, "looks good");
// With an operation id of your own, sending it twice (after a lost answer, say) changes nothing.
await first.signal(comment, "ship it", { operation: "comment-2" });
await first.signal(comment, "ship it", { operation: "comment-2" });
await first.signal(approve, { by: "mika" });
console.log(await first.result());

const second = await daruma.start(approval, { id: "a-2", input: "500ms" });
console.log((await second.describe()).waits.map(({ what }) => what));
console.log(await second.result());
await daruma.close();

/* Output:
approved by mika; comments: looks good, ship it
[ 'signal approve', 'timer receive' ]
nobody approved; comments: none
*/
