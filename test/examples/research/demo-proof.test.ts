import path from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryDocuments } from "../../../examples/research/demo/documents.ts";
import { parseMessage, startProcess } from "../../../examples/shared/processes.ts";
import { type Evidence, prove } from "../../../examples/research/demo/proof.ts";
import { listDocuments } from "../../../examples/research/files.ts";
import { temporaryFolder, writeFiles } from "./folder.ts";

const TOPICS = Array.from({ length: 15 }, (_, index) => `t${String(index + 1).padStart(2, "0")}`);

/** Seven searches finished before the crash, the eighth was cut off, the rest came after it. */
function evidence(): Evidence {
  const entry = (topic: string, pid: number): Evidence["ledger"][number] => ({
    topic,
    attempt: 1,
    idempotencyKey: `key ${topic}`,
    pid,
  });
  return {
    topics: TOPICS,
    finishedBefore: TOPICS.slice(0, 7),
    endedBy: "SIGKILL",
    firstPid: 1,
    secondPid: 2,
    ledger: [
      ...TOPICS.slice(0, 8).map((topic) => entry(topic, 1)),
      ...TOPICS.slice(7).map((topic) => entry(topic, 2)),
    ],
    failed: { crashed: ["t09"], straight: ["t09"] },
    reports: { crashed: Buffer.from("report"), straight: Buffer.from("report") },
  };
}

function broken(found: Evidence): string[] {
  return prove(found)
    .filter((claim) => !claim.holds)
    .map((claim) => claim.text);
}

describe("prove", () => {
  it("finds every claim true when all went well", () => {
    const texts = prove(evidence()).map((claim) => claim.text);
    expect(broken(evidence())).toEqual([]);
    expect(texts).toContain("finished searches that were made again: 0");
    expect(texts).toContain("attempts in the ledger: 8 by process 1 before, 8 by process 2 after the crash");
    expect(texts).toContain(
      "searches that were cut off or waiting for a retry and went on with the same idempotency key: 1",
    );
  });

  it.each<[string, Partial<Evidence>, RegExp]>([
    ["the process ended by itself", { endedBy: "0" }, /SIGKILL/u],
    ["nothing had finished", { finishedBefore: [] }, /SIGKILL/u],
    ["everything had finished", { finishedBefore: TOPICS, secondPid: 9 }, /SIGKILL/u],
    ["a finished search was made again", { finishedBefore: TOPICS.slice(0, 8) }, /made again: 1/u],
    ["there were too few searches", { topics: TOPICS.slice(1) }, /at least 15/u],
    ["a search was left out", { topics: [...TOPICS, "t16"] }, /at least 15/u],
    ["a third process searched", { firstPid: 3 }, /attempts in the ledger/u],
    ["other searches failed", { failed: { crashed: ["t01"], straight: [] } }, /failed for good/u],
    [
      "the reports differ",
      { reports: { crashed: Buffer.from("report"), straight: Buffer.from("Report") } },
      /byte for byte/u,
    ],
    [
      "there is no report",
      { reports: { crashed: Buffer.alloc(0), straight: Buffer.alloc(0) } },
      /byte for byte/u,
    ],
  ])("finds out that %s", (_, change, claim) => {
    expect(broken({ ...evidence(), ...change }).join("\n")).toMatch(claim);
  });

  it("finds out that a repeated attempt had another idempotency key", () => {
    const found = evidence();
    found.ledger.push({ topic: "t08", attempt: 2, idempotencyKey: "another", pid: 2 });
    expect(broken(found)).toEqual([expect.stringMatching(/same idempotency key/u)]);
  });
});

describe("startProcess", () => {
  function program(code: string): string {
    const folder = temporaryFolder();
    writeFiles(folder, { "child.mjs": code });
    return path.join(folder, "child.mjs");
  }

  it("hands over the order and reads the messages until the process has ended", async () => {
    const code =
      "const order = JSON.parse(process.argv[2]); console.log(JSON.stringify({ kind: 'titles', titles: [order.runId] })); process.exitCode = 3;";
    const messages: unknown[] = [];
    const child = startProcess(program(code), { store: "memory:", runId: "r" }, (message) =>
      messages.push(message),
    );
    expect(await child.ended).toBe("3");
    expect(messages).toEqual([{ kind: "titles", titles: ["r"] }]);
  });

  it("kills a process so that no handler runs", async () => {
    const code = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('{}');";
    const child = startProcess(program(code), { store: "memory:", runId: "r" }, () => child.kill());
    expect(await child.ended).toBe("SIGKILL");
  });

  it("takes half a line for no message", () => {
    expect(parseMessage('{"kind":"ev')).toEqual({ kind: "error", text: '{"kind":"ev' });
  });
});

describe("the demo's documents", () => {
  it("are the Markdown files of the root and the folder docs, without folders of code", async () => {
    const base = temporaryFolder();
    writeFiles(base, { "README.md": "a", "docs/adr/1.md": "b", "src/notes.md": "no", "package.json": "{}" });
    const source = await repositoryDocuments(base);
    expect(await listDocuments(source)).toEqual(["README.md", "docs/adr/1.md"]);
  });

  it("do without a folder docs", async () => {
    const base = temporaryFolder();
    writeFiles(base, { "README.md": "a" });
    expect(await repositoryDocuments(base)).toEqual({ base, include: ["README.md"] });
  });
});
