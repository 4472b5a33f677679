/** Input can have a schema: anything that speaks Standard Schema (zod here). A run that would fail it is never started. */
import { Daruma, InvalidInputError, workflow } from "daruma";
import { z } from "zod";

const Order = z.object({ item: z.string().min(1), count: z.number().int().positive().default(1) });

const order = workflow("order", async ({ item, count }) => `${count} × ${item}`, { input: Order });

const daruma = await Daruma.open("memory:", { workflows: [order] });
const run = await daruma.start(order, { input: { item: "kettle", count: 2 } });
console.log(await run.result());

// By name the input is unknown to the compiler; the schema checks it all the same, and fills in what is missing.
console.log(await (await daruma.start("order", { input: { item: "cup" } })).result());
try {
  await daruma.start("order", { input: { item: "", count: 0.5 } });
} catch (error) {
  if (error instanceof InvalidInputError)
    for (const { path, message } of error.issues) console.log(path, message);
}
await daruma.close();

/* Output:
2 × kettle
1 × cup
$.item Too small: expected string to have >=1 characters
$.count Invalid input: expected int, received number
*/
