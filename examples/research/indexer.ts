/**
 * Builds the full-text index of a corpus: one SQLite file with the documents, their passages and an FTS5 table.
 *
 * - The index holds the text itself. What is searched, quoted and checked is one snapshot, even if documents change meanwhile.
 * - It appears whole or not at all: it is written beside its place, flushed and renamed. Building it twice gives the same content.
 * - Passages are numbered from 1 in the order of file names and lines, so that a number means the same in every build.
 */
import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { putInPlace } from "./atomic.ts";
import { ResearchInputError } from "./errors.ts";
import { type CorpusSource, type Document, listDocuments, readDocument } from "./files.ts";
import { splitPassages } from "./passages.ts";
import { keyStems, spacedForIndex } from "./text.ts";
import type { IndexInfo } from "./types.ts";

const SCHEMA = `
  CREATE TABLE documents (file TEXT PRIMARY KEY, lines INTEGER NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE TABLE passages (id INTEGER PRIMARY KEY, file TEXT NOT NULL, start_line INTEGER NOT NULL, end_line INTEGER NOT NULL,
    heading TEXT NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE TABLE stems (stem TEXT PRIMARY KEY, passages INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE VIRTUAL TABLE passages_text USING fts5 (heading, body, content='', tokenize = "porter unicode61 remove_diacritics 2");
`;

/** How to build an index. */
export interface IndexOptions {
  source: CorpusSource;
  /** Where the SQLite file shall be. A file that is there is replaced. */
  indexPath: string;
  /** Called after each document, so that a caller can show that the work goes on. */
  onDocument?: (file: string) => void;
}

/** Reads all documents and writes the index. A corpus without any text is an `ResearchInputError`. */
export async function buildIndex(options: IndexOptions): Promise<IndexInfo> {
  const beside = `${options.indexPath}.new`;
  await mkdir(path.dirname(options.indexPath), { recursive: true });
  await rm(beside, { force: true });
  const database = new DatabaseSync(beside);
  try {
    const content = await fill(database, options);
    if (content.passages === 0) throw new ResearchInputError(nothingFound(options.source, content.skipped));
    database.close();
    await putInPlace(beside, options.indexPath);
    return { path: options.indexPath, ...content };
  } catch (error) {
    if (database.isOpen) database.close();
    await rm(beside, { force: true });
    throw error;
  }
}

async function fill(database: DatabaseSync, options: IndexOptions): Promise<Omit<IndexInfo, "path">> {
  // The file is thrown away when anything fails, and it is flushed once before it gets its name: no journal, no waiting per write.
  database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; ${SCHEMA}; BEGIN`);
  const writer = passageWriter(database);
  const hash = createHash("sha256");
  const skipped: string[] = [];
  let documents = 0;
  for (const file of await listDocuments(options.source)) {
    const read = await readDocument(options.source.base, file);
    if ("skipped" in read) {
      skipped.push(read.skipped);
      continue;
    }
    writer.add(read.document);
    hash.update(JSON.stringify([file, read.document.sha256]));
    documents++;
    options.onDocument?.(file);
  }
  const passages = writer.finish();
  database.exec("COMMIT");
  return { documents, passages, skipped, fingerprint: hash.digest("hex") };
}

function passageWriter(database: DatabaseSync): { add(document: Document): void; finish(): number } {
  const addDocument = database.prepare("INSERT INTO documents VALUES (?, ?, ?, ?)");
  const addPassage = database.prepare("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)");
  const addText = database.prepare("INSERT INTO passages_text (rowid, heading, body) VALUES (?, ?, ?)");
  const addStem = database.prepare("INSERT INTO stems VALUES (?, ?)");
  const stems = new Map<string, number>();
  let id = 0;
  const add = (document: Document): void => {
    addDocument.run(document.file, document.lines.length, document.sha256, document.lines.join("\n"));
    for (const passage of splitPassages(document)) {
      id++;
      addPassage.run(id, passage.file, passage.startLine, passage.endLine, passage.heading, passage.text);
      addText.run(id, spacedForIndex(passage.heading), spacedForIndex(passage.text));
      for (const stem of keyStems(`${passage.heading} ${passage.text}`))
        stems.set(stem, (stems.get(stem) ?? 0) + 1);
    }
  };
  const finish = (): number => {
    for (const [stem, count] of stems) addStem.run(stem, count);
    return id;
  };
  return { add, finish };
}

function nothingFound(source: CorpusSource, skipped: string[]): string {
  const reasons = skipped.length === 0 ? "" : ` Left out: ${skipped.slice(0, 5).join("; ")}.`;
  return `There is no text in the .md and .txt files of ${JSON.stringify(source.base)}.${reasons}`;
}
