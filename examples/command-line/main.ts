/** The command line: a worker in one process, commands in others; all find each other by the path of the database. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const bin = resolve(import.meta.dirname, "../../bin/daruma.js"); // installed: npx daruma
const folder = mkdtempSync(join(tmpdir(), "daruma-command-line-"));
const store = ["--store", `sqlite:${join(folder, "daruma.db")}`];

/** `daruma worker` in a process of its own, once it is ready. */
async function startWorker() {
  const worker = spawn(process.execPath, [bin, "worker", join(import.meta.dirname, "greeting.ts"), ...store]);
  await once(worker.stderr, "data");
  return worker;
}

function daruma(...args: string[]): void {
  const { stdout, status } = spawnSync(process.execPath, [bin, ...args, ...store], { encoding: "utf8" });
  const words = args.map((word) => (word.includes(" ") ? `'${word}'` : word));
  console.log(`$ daruma ${words.join(" ")}\n${stdout.trimEnd()}\n(exit code ${status})`);
}

const worker = await startWorker();
daruma("start", "greeting", "--id", "g-1", "--input", '["Ana", "Ben"]');
daruma("query", "g-1", "greeted");
daruma("signal", "g-1", "enough");
daruma("result", "g-1");
worker.kill("SIGTERM"); // open runs would go on with the next worker
await once(worker, "exit");
rmSync(folder, { recursive: true });

/* Output:
$ daruma start greeting --id g-1 --input '["Ana", "Ben"]'
g-1
(exit code 0)
$ daruma query g-1 greeted
2
(exit code 0)
$ daruma signal g-1 enough
Signal enough was sent to g-1.
(exit code 0)
$ daruma result g-1
Hello, Ana! Hello, Ben!
(exit code 0)
*/
