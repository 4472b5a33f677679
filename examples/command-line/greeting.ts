/** A module for the command `daruma`: it exports a workflow and runs nothing by itself. */
import { activity, query, signal, type Workflow, workflow } from "daruma";

const greet = activity("greet", async (name: string) => `Hello, ${name}!`);
const enough = signal("enough");
const greeted = query<number>("greeted");

export const greeting: Workflow<string[], string> = workflow("greeting", async (names) => {
  const lines: string[] = [];
  greeted.handle(() => lines.length);
  for (const name of names) lines.push(await greet(name));
  await enough.receive({ timeout: "1h" });
  return lines.join(" ");
});
