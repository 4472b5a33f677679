/** What can be passed between workflows, activities and clients: JSON and more. What cannot be stored fails that call and says where. */
import { activity, Daruma, PayloadError, workflow } from "daruma";

const inspect = activity("inspect", async (value: unknown) => value);

const echo = workflow("echo", async (input: Record<string, unknown>) => {
  return { input, again: await inspect(input) };
});

const daruma = await Daruma.open("memory:", { workflows: [echo] });

const input = {
  date: new Date(0),
  big: 2n ** 80n,
  map: new Map([["tea", new Set([1, 2])]]),
  bytes: new TextEncoder().encode("だるま"),
  nothing: [undefined, Number.NaN, -0, Number.POSITIVE_INFINITY],
  error: new TypeError("outer", { cause: new RangeError("inner") }),
};
const run = await daruma.start(echo, { input });
const { again } = (await run.result()) as { again: typeof input };
console.log(again.date.toISOString(), again.big, again.map, again.nothing);
console.log(new TextDecoder().decode(again.bytes));
console.log(
  again.error instanceof TypeError,
  again.error.message,
  "<-",
  (again.error.cause as Error).message,
);

// Open connections, functions and instances of your own classes do not outlive a process: pass what is needed to make them again.
for (const [what, value] of [
  ["a function", { user: { name: "mika", callback: () => 1 } }],
  ["a weak map", { user: { socket: new WeakMap() } }],
] as const) {
  try {
    await daruma.start(echo, { input: value });
  } catch (error) {
    if (error instanceof PayloadError) console.log(what, "is refused:", error.code, "at", error.path);
  }
}
await daruma.close();

/* Output:
1970-01-01T00:00:00.000Z 1208925819614629174706176n Map(1) { 'tea' => Set(2) { 1, 2 } } [ undefined, NaN, -0, Infinity ]
だるま
true outer <- inner
a function is refused: DRM-PAYLOAD-UNSUPPORTED at $.user.callback
a weak map is refused: DRM-PAYLOAD-UNSUPPORTED at $.user.socket
*/
