/** A run that loops for ever would grow its history for ever. `continueAsNew` ends it and goes on under the same id with a fresh one. */
import { condition, continueAsNew, Daruma, runInfo, signal, workflow } from "daruma";

interface Tally {
  readonly count: number;
  readonly generations: number;
}

const click = signal("click");
const stop = signal("stop");

const perGeneration = 3; // in earnest some thousands

const tally = workflow("tally", async ({ count, generations }: Tally): Promise<string> => {
  for (let seen = 0; seen < perGeneration; seen++) {
    await condition(() => click.unread() + stop.unread() > 0);
    if (click.unread() === 0) return `${count + seen} clicks in ${generations} generations`;
    await click.receive();
  }
  // What nobody has read yet goes over to the next generation.
  return continueAsNew({ count: count + perGeneration, generations: runInfo().generation + 1 });
});

const daruma = await Daruma.open("memory:", { workflows: [tally] });
const run = await daruma.start(tally, { id: "t-1", input: { count: 0, generations: 1 } });
for (let sent = 0; sent < 7; sent++) await run.signal(click);
await run.signal(stop);
console.log(await run.result()); // of the last generation
for await (const { generation, status } of daruma.list({ idPrefix: "t-1" })) console.log(generation, status);
await daruma.close();

/* Output:
7 clicks in 3 generations
3 completed
2 continued_as_new
1 continued_as_new
*/
