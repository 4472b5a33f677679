/** Queries: read-only questions to a run. They work while it runs, while it sleeps, and after it has closed. */
import { activity, Daruma, query, signal, workflow } from "daruma";

const progress = query<string>("progress");
const chapter = query<string, [number: number]>("chapter"); // a query may take arguments
const next = signal("next");

const write = activity("write", async (number: number) => `Chapter ${number} of the story.`);

const book = workflow("book", async (length: number) => {
  const chapters: string[] = [];
  progress.handle(() => `${chapters.length} of ${length}`);
  chapter.handle((number) => chapters[number - 1] ?? "not written yet");
  while (chapters.length < length) {
    chapters.push(await write(chapters.length + 1));
    await next.receive();
  }
  return chapters.length;
});

const daruma = await Daruma.open("memory:", { workflows: [book] });
const run = await daruma.start(book, { input: 2 });
await run.signal(next);
await run.signal(next);
await run.result();
// The run is closed: it is replayed from its history to answer. Only what was durable is ever shown.
console.log(await run.query(progress));
console.log(await run.query(chapter, 2));
console.log(await run.query(chapter, 3));
await daruma.close();

/* Output:
2 of 2
Chapter 2 of the story.
not written yet
*/
