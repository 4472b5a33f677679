/** `daruma history` */
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-code.ts";
import { withRuns } from "../reach.ts";
import type { Reached } from "../reach.ts";
import { EventText } from "../text/event-text.ts";
import { dateAndTime, exactClock } from "../text/times.ts";
import { idPlace } from "./shared.ts";

export const history: Command = {
  name: "history",
  summary: "Print a run's history",
  places: [idPlace],
  options: { follow: { help: "Go on until the run has closed (while a worker is running)" } },
  details: ["With --json: one event a line, complete. `daruma replay` takes that."],
  examples: ["daruma history research-42", "daruma history research-42 --json > research-42.jsonl"],
  run: async (context) => {
    const printed = { text: new EventText(), day: "", next: 1 };
    return await withRuns(context, (reached) => printHistory(context, reached, printed));
  },
};

/** What has been printed so far. */
interface Printed {
  readonly text: EventText;
  day: string;
  /** The number of the next event. */
  next: number;
}

async function printHistory(
  context: Context,
  { client, process }: Reached,
  printed: Printed,
): Promise<number> {
  const id = context.place(0);
  const run = client.get(id);
  const { generation } = await run.describe();
  const follow = context.flag("follow") && process !== undefined;
  for await (const event of run.history({ from: printed.next, follow })) {
    printed.next = event.seq + 1;
    if (context.json) {
      context.emit({ run: id, generation, ...event });
      continue;
    }
    const [date = ""] = dateAndTime(event.time).split(" ");
    if (date !== printed.day) context.say(context.out.dim(date));
    printed.day = date;
    const number = String(event.seq).padStart(5);
    context.say(`${context.out.dim(`${number}  ${exactClock(event.time)}`)}  ${printed.text.of(event)}`);
  }
  return exitCodes.done;
}
