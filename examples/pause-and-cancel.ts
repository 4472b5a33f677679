/** Every run can be paused, resumed and canceled. A cancel is a `CanceledError` at the durable calls; `shielded` is for cleaning up. */
import {
  activity,
  CanceledError,
  Daruma,
  RunCanceledError,
  type RunHandle,
  shielded,
  signal,
  sleep,
  workflow,
} from "daruma";

const say = (text: string): void => console.log(text);
const hold = activity("hold seat", async (seat: string) => say(`${seat} is held`));
const release = activity("release seat", async (seat: string) => say(`${seat} is free again`));
const seats = signal<string>("seat");

const booking = workflow("booking", async () => {
  const seat = await seats.receive();
  await hold(seat);
  try {
    await sleep("15m"); // the customer pays meanwhile
  } catch (error) {
    if (error instanceof CanceledError) await shielded(() => release(seat));
    throw error;
  }
});

/** Waits until the history has a given event. */
async function until(run: RunHandle, type: string): Promise<void> {
  for await (const event of run.history({ follow: true })) if (event.type === type) return;
}

const daruma = await Daruma.open("memory:", { workflows: [booking] });
const run = await daruma.start(booking, { id: "b-1" });

await run.pause("the hall is being cleaned");
await run.signal(seats, "seat 12"); // acknowledged and kept; no turn, no new attempt while paused
const { paused, messages, waits } = await run.describe();
say(`paused: ${paused}, kept messages: ${messages}, waits for ${waits.map(({ what }) => what).join()}`);
await run.resume();

await until(run, "timer_started");
await run.cancel("the show is off"); // `daruma cancel b-1`, or a signal named "cancel", does the same
try {
  await run.result();
} catch (error) {
  if (error instanceof RunCanceledError) say(`${error.code}: ${error.reason}`);
}
await daruma.close();

/* Output:
paused: true, kept messages: 1, waits for resume (it is paused)
seat 12 is held
seat 12 is free again
DRM-RUN-CANCELED: the show is off
*/
