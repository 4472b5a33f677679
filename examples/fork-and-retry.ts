/** A failed run goes on from its failure (`retry`), and any run can be the beginning of another (`fork`): what is done is not done again. */
import { activity, Daruma, workflow } from "daruma";

const say = (text: string): void => console.log(text);
let printerIsOut = true;

const write = activity("write letter", async (to: string) => {
  say(`writing to ${to} (this takes hours)`);
  return `Dear ${to}`;
});
const print = activity(
  "print",
  async (letter: string) => {
    if (printerIsOut) throw new Error("the printer is out of paper");
    say(`printing "${letter}"`);
  },
  { retry: { maximumAttempts: 1 } },
);

const letter = workflow("letter", async (to: string) => {
  const text = await write(to);
  await print(text);
  return text;
});

const daruma = await Daruma.open("memory:", { workflows: [letter] });
const run = await daruma.start(letter, { id: "l-1", input: "Ada" });
await run.result().catch((error: Error) => say(error.message.split("\n")[0] ?? ""));

printerIsOut = false;
await run.retry(); // `daruma retry l-1` does the same
await run.result();
const { generation, origin } = await run.describe();
say(
  `generation ${generation} went on from event ${origin?.from.at} of generation ${origin?.from.generation}`,
);

for await (const { seq, type } of run.history()) say(`${seq} ${type}`);

// A second copy: everything up to the finished letter is shared, and what follows is decided anew.
const copy = await run.fork({ id: "l-2", at: 3 }); // `daruma fork l-1 --at 3 --id l-2`
await copy.result();
await daruma.close();

/* Output:
writing to Ada (this takes hours)
The run "l-1" failed: ActivityError: the printer is out of paper.
printing "Dear Ada"
generation 2 went on from event 4 of generation 1
1 run_started
2 activity_scheduled
3 activity_completed
4 activity_scheduled
5 run_forked
6 activity_restarted
7 activity_completed
8 run_completed
printing "Dear Ada"
*/
