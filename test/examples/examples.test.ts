// Every example runs by itself, ends by itself and prints what the comment at its end says.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const ownTests = ["orders", "research", "task-generation", "testing"];
const files = globSync(["examples/*.ts", "examples/*/main.ts"], { cwd: root })
  .filter((file) => !ownTests.some((folder) => file.startsWith(`examples/${folder}/`)))
  .toSorted();

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const longestMs = 60_000;

/** Runs a file as a process group of its own: what an example starts ends with it, also when it has to be stopped. */
async function start(file: string): Promise<Ended> {
  // Without colors; with the determinism check, which replays each run that has closed.
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_ENV: "test" };
  const child = spawn(process.execPath, ["--conditions=daruma-source", file], {
    cwd: root,
    env,
    detached: true,
  });
  const stop = setTimeout(() => killGroup(child), longestMs);
  const closed = once(child, "close") as Promise<[number | null]>;
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  clearTimeout(stop);
  return { code: code ?? -1, stdout, stderr };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGKILL");
}

/** Two at a time: each lane takes the next file when it is done. */
function startAll(): Map<string, Promise<Ended>> {
  const waiting = files.map((file) => ({ file, ...Promise.withResolvers<Ended>() }));
  const ended = new Map(waiting.map(({ file, promise }) => [file, promise]));
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      next.resolve(await start(next.file));
  };
  void Promise.all([lane(), lane()]);
  return ended;
}

const ended = startAll();

function textOf(file: string): string {
  return readFileSync(resolve(root, file), "utf8");
}

describe("the examples", () => {
  it("are seen", () => {
    expect(files.length).toBeGreaterThan(20);
  });

  it("have each at most 60 lines", () => {
    expect(files.filter((file) => textOf(file).split("\n").length > 61)).toEqual([]);
  });

  it("need nothing but the package, Node and a schema library", () => {
    const imports = files.flatMap((file) =>
      [...textOf(file).matchAll(/^import .*? from "([^"]+)";/gms)].map(([, from = ""]) => `${file}: ${from}`),
    );
    expect(
      imports.filter((one) => !/: (?:daruma(?:\/testing)?|zod|node:.+|\.\/[\w-]+\.ts)$/.test(one)),
    ).toEqual([]);
  });

  it("are listed in the index", () => {
    const index = textOf("examples/README.md");
    expect(files.filter((file) => !index.includes(`](${file.slice("examples/".length)})`))).toEqual([]);
  });
});

describe.each(files)("%s", (file) => {
  it("prints what it says", { timeout: 120_000 }, async () => {
    const expected = /\/\* Output:\n(?<lines>.+)\*\/\n$/s.exec(textOf(file))?.groups?.["lines"];
    const { code, stdout, stderr } = (await ended.get(file)) ?? { code: -1, stdout: "", stderr: "" };
    expect(stderr).toBe("");
    expect(stdout).toBe(expected);
    expect(code).toBe(0);
  });
});
