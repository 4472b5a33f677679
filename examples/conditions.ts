/** `condition` waits until something is true of the workflow's own state, which signals, updates and finished calls change. */
import { condition, Daruma, signal, TimeoutError, workflow } from "daruma";

const vote = signal<{ who: string; yes: boolean }>("vote");

const ballot = workflow("ballot", async ({ needed, closesIn }: { needed: number; closesIn: string }) => {
  const votes = new Map<string, boolean>();
  vote.handle(({ who, yes }) => void votes.set(who, yes)); // the last vote of each counts
  const yes = (): number => [...votes.values()].filter(Boolean).length;
  try {
    await condition(() => yes() >= needed, closesIn);
    return `carried with ${yes()} of ${votes.size}`;
  } catch (error) {
    if (error instanceof TimeoutError) return `not carried: ${yes()} of ${needed}`;
    throw error;
  }
});

const daruma = await Daruma.open("memory:", { workflows: [ballot] });

const first = await daruma.start(ballot, { input: { needed: 2, closesIn: "1h" } });
for (const [who, yes] of [
  ["ana", true],
  ["ben", false],
  ["ben", true],
] as const) {
  await first.signal(vote, { who, yes });
}
console.log(await first.result());

const second = await daruma.start(ballot, { input: { needed: 2, closesIn: "500ms" } });
await second.signal(vote, { who: "ana", yes: true });
console.log(await second.result());
await daruma.close();

/* Output:
carried with 2 of 2
not carried: 1 of 2
*/
