/** Updates: messages in with an answer. A validator may refuse one; nothing of a refused update is recorded. */
import { activity, condition, Daruma, update, UpdateRejectedError, workflow } from "daruma";

const add = update<{ item: string; count: number }, number>("add");
const checkOut = update("check out");

const reserve = activity("reserve", async (item: string, count: number) => `${count} × ${item}`);

const cart = workflow("cart", async () => {
  const lines: string[] = [];
  let done = false;
  add.handle(
    async ({ item, count }) => {
      lines.push(await reserve(item, count)); // a handler may make durable calls
      return lines.length;
    },
    {
      validate: ({ count }) => {
        if (count < 1) throw new RangeError("count must be 1 or more");
      },
    },
  );
  checkOut.handle(() => void (done = true));
  await condition(() => done);
  return lines;
});

const daruma = await Daruma.open("memory:", { workflows: [cart] });
const run = await daruma.start(cart);
console.log("lines:", await run.update(add, { item: "kettle", count: 1 }));
try {
  await run.update(add, { item: "cup", count: 0 });
} catch (error) {
  if (error instanceof UpdateRejectedError) console.log("refused:", (error.cause as Error).message);
}
console.log("lines:", await run.update(add, { item: "cup", count: 6 }));
await run.update(checkOut);
console.log(await run.result());
await daruma.close();

/* Output:
lines: 1
refused: count must be 1 or more
lines: 2
[ '1 × kettle', '6 × cup' ]
*/
