/**
 * A process that uses a SQLite store and dies: `node child.ts MODE PATH`. It writes one line of JSON for each thing that a test waits for.
 *
 * - `hold`: opens the store and stays until it is killed.
 * - `crash`: commits 40 runs, says so after each, and kills itself with no chance to clean up.
 * - `fill`: commits until the store fails, then says what the failing operation and the ones after it answered.
 * An error of the store is said too: `{ refused: CODE }`.
 */
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import type { Store } from "../../src/store/store.ts";
import { birth } from "../../src/testing/store-contract-world.ts";

const [mode = "", path = ""] = process.argv.slice(2);

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function commitRun(store: Store, session: string, text: string): Promise<string> {
  const key = await store.runs.reserveKeys(1);
  const id = `run ${key}`;
  const write = { ...birth(key, id), events: JSON.stringify([`event of ${id}: ${text}`]) };
  await store.commit({ session, operation: id, runs: [write], messages: [] });
  return id;
}

async function codeOf(operation: Promise<unknown>): Promise<unknown> {
  return await operation.then(
    () => "done",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : String(error)),
  );
}

async function crash(store: Store, session: string): Promise<void> {
  for (let count = 0; count < 40; count += 1) say(await commitRun(store, session, "x"));
  process.kill(process.pid, "SIGKILL");
}

async function fill(store: Store, session: string): Promise<void> {
  for (;;) {
    const failed = await codeOf(commitRun(store, session, "x".repeat(2_000)).then(say));
    if (failed === "done") continue;
    const later = [
      store.runs.list({ limit: 1 }),
      commitRun(store, session, "small"),
      store.sessions.open("late", 1),
    ];
    say({ failed, later: await Promise.all(later.map(codeOf)) });
    return;
  }
}

async function hold(): Promise<void> {
  say("open");
  setInterval(() => undefined, 60_000);
}

const modes: Readonly<Record<string, (store: Store, session: string) => Promise<void>>> = {
  crash,
  fill,
  hold,
};
const refused = await codeOf(
  openSqliteStore(path).then(
    async (store) => await modes[mode]?.(store, await store.sessions.open("a child", 60_000)),
  ),
);
if (refused !== "done") say({ refused });
