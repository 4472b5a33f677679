/** Temporary folders and corpora for the tests of the example. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { type Corpus, openCorpus } from "../../../examples/research/corpus.ts";
import { buildIndex } from "../../../examples/research/indexer.ts";
import type { IndexInfo } from "../../../examples/research/types.ts";

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "research-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files, with the folders that they need. */
export function writeFiles(base: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(base, file)), { recursive: true });
    writeFileSync(path.join(base, file), content);
  }
}

/** An index of these files, open until the test ends. */
export async function corpusOf(
  files: Readonly<Record<string, string>>,
): Promise<{ corpus: Corpus; index: IndexInfo; base: string; folder: string }> {
  const folder = temporaryFolder();
  const base = path.join(folder, "docs");
  writeFiles(base, files);
  const index = await buildIndex({ source: { base }, indexPath: path.join(folder, "index.db") });
  const corpus = openCorpus(index.path);
  onTestFinished(() => corpus[Symbol.dispose]());
  return { corpus, index, base, folder };
}

/** A few documents about one subject, in English and Japanese, with the forms of Markdown that matter. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  "README.md": [
    "# Recovery",
    "",
    "A crash ends the process at any instant. Committed work survives the crash, because every commit is",
    "flushed to the disk before anybody hears of it. Work that was not committed is made again.",
    "",
    "## Timers",
    "",
    "- Timers survive a crash: they are rows of the database and not memory.",
    "- A timer never fires early, even if the clock was wrong before the crash.",
    "",
    "| kind | after a crash |",
    "| --- | --- |",
    "| activity | An interrupted activity runs again with the same idempotency key. |",
    "| signal | A signal that was acknowledged survives and is delivered exactly once. |",
    "",
    "```ts",
    "const crash = survives(); // Code is never quoted in a report, whatever it says about a crash.",
    "```",
  ].join("\n"),
  "docs/leases.md": [
    "Leases",
    "======",
    "",
    "A lease ends when its holder stops renewing it. After a crash another worker takes the lease and goes on,",
    "so nothing waits for a process that is gone.",
    "",
    "Does a lease survive a crash? The row survives, the right does not.",
  ].join("\n"),
  "docs/ja.md": [
    "# 復旧の仕組み",
    "",
    "プロセスがクラッシュしても、完了した検索は履歴から復旧できる。中断された検索だけが再実行される。",
  ].join("\n"),
};
