/** Two lives of one process: the first is killed with kill -9 in the middle of its work, the second goes on where it was. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { activity, activityContext, Daruma, workflow } from "daruma";

const step = activity("step", async (number: number) => {
  const { attempt } = activityContext();
  console.log(`  step ${number}${attempt === 1 ? "" : `, attempt ${attempt}: it was interrupted`}`);
  if (number === 3 && attempt === 1) process.kill(process.pid, "SIGKILL");
  return number;
});

const climb = workflow("climb", async () => {
  let sum = 0;
  for (const number of [1, 2, 3, 4]) sum += await step(number);
  return sum;
});

/** One life: start the run, or find it where it was (the same operation id makes the second start a repeat). */
async function live(file: string): Promise<void> {
  const daruma = await Daruma.open(`sqlite:${file}`, { workflows: [climb] });
  const run = await daruma.start(climb, { id: "c-1", operation: "start c-1" });
  console.log(`  result: ${await run.result()}`);
  await daruma.close();
}

const [given] = process.argv.slice(2);
if (given !== undefined) await live(given);
else {
  const folder = mkdtempSync(join(tmpdir(), "daruma-crash-"));
  for (const life of ["first", "second"]) {
    console.log(`${life} life`);
    const command = [...process.execArgv, import.meta.filename, join(folder, "crash.db")];
    const { status, signal } = spawnSync(process.execPath, command, { stdio: "inherit" });
    console.log(`  ended: ${signal ?? `exit code ${status}`}`);
  }
  rmSync(folder, { recursive: true });
}

/* Output:
first life
  step 1
  step 2
  step 3
  ended: SIGKILL
second life
  step 3, attempt 2: it was interrupted
  step 4
  result: 10
  ended: exit code 0
*/
