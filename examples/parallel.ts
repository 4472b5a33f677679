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

const oslo = { name: "Oslo", ms: 40 };
const cities = [{ name: "Kyoto", ms: 120 }, oslo, { name: "Lima", ms: 80 }];
const atlantis = { name: "Atlantis", ms: 10 };

const weather = workflow("weather", async () => {
  // Not `cities.map(forecast)`: map passes the index and the list too, and they would be recorded.
  const ask = (list: City[]) => list.map((city) => forecast(city));
  const all = await Promise.all(ask(cities));
  const race = await Promise.race(ask(cities)); // the others go on; `cancelable` and `some` can cancel them
  const any = await Promise.any(ask([atlantis, ...cities]));
  const settled = await Promise.allSettled(ask([atlantis, oslo]));
  const order: string[] = [];
  for await (const { index, value } of inCompletionOrder(ask(cities))) order.push(`#${index} ${value}`);
  return { all, race, any, settled: settled.map(({ status }) => status), order };
});

const careful = workflow("careful", async () => {
  const many = Array.from({ length: 12 }, (_, index) => ({ name: `City ${index}`, ms: 10 }));
  return (await mapConcurrent(many, (city) => forecast(city), { concurrency: 4 })).length;
});

const daruma = await Daruma.open("memory:", { workflows: [weather, careful] });
console.log(await (await daruma.start(weather)).result());
most = 0;
console.log(await (await daruma.start(careful)).result(), "forecasts, at most", most, "at once");
await daruma.close();

/* Output:
{
  all: [ 'Kyoto: rain', 'Oslo: rain', 'Lima: rain' ],
  race: 'Oslo: rain',
  any: 'Oslo: rain',
  settled: [ 'rejected', 'fulfilled' ],
  order: [ '#1 Oslo: rain', '#2 Lima: rain', '#0 Kyoto: rain' ]
}
12 forecasts, at most 4 at once
*/
