/** Durable calls return promises, so `Promise.all` and its kin work as they are; three helpers add what is missing. */
import { activity, activityContext, Daruma, inCompletionOrder, mapConcurrent, workflow } from "daruma";

interface City {
  readonly name: string;
  readonly ms: number;
}

let running = 0;
let most = 0;

const forecast = activity(
  "forecast",
  async ({ name, ms }: City) => {
    most = Math.max(most, ++running);
    await activityContext().sleep(ms);
    running--;
    if (name === "Atlantis") throw new Error("no such city");
    return `${name}: rain`;
  },
  { retry: { maximumAttempts: 1 } },
);

const kyoto = { name: "Kyoto", ms: 120 };
const oslo = { name: "Oslo", ms: 40 };
const lima = { name: "Lima", ms: 80 };
const atlantis = { name: "Atlantis", ms: 10 };
const cities = [kyoto, oslo, lima];

const weather = workflow("weather", async () => {
  const all = await Promise.all(cities.map(forecast));
  const race = await Promise.race(cities.map(forecast)); // the others go on; `some` and `withTimeout` would cancel them
  const any = await Promise.any([atlantis, oslo, kyoto].map(forecast));
  const settled = await Promise.allSettled([atlantis, lima].map(forecast));
  const order: string[] = [];
  for await (const { index, value } of inCompletionOrder(cities.map(forecast))) order.push(`#${index} ${value}`);
  return { all, race, any, settled: settled.map(({ status }) => status), order };
});

const careful = workflow("careful", async () => {
  const many = Array.from({ length: 12 }, (_, index) => ({ name: `City ${index}`, ms: 10 }));
  return (await mapConcurrent(many, forecast, { concurrency: 4 })).length;
});

const daruma = await Daruma.open("memory:", { workflows: [weather, careful] });
console.log(await (await daruma.start(weather)).result());
most = 0;
console.log(await (await daruma.start(careful)).result(), "forecasts, at most", most, "at once");
await daruma.close();

/* Output:
*/
