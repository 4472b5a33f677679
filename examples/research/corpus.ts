/**
 * Searches an index that `indexer.ts` has built.
 *
 * A question is somebody's free text. None of it reaches FTS5 as syntax: it is cut into terms of letters and digits, and each term is
 * passed as a quoted string. A search first asks for passages with all terms and then fills up with passages that have any of them.
 * Equal ranks are ordered by passage number, so the same index gives the same answer.
 */
import { DatabaseSync } from "node:sqlite";
import { ResearchInputError } from "./errors.ts";
import { isCjk, pairs, searchTerms, stem } from "./text.ts";
import type { DocumentInfo, Hit, Passage } from "./types.ts";

const MAX_QUERY_TERMS = 32;
/** A term in a heading counts three times as much as one in the text. */
const RANK = "bm25(passages_text, 3.0, 1.0)";

/** An open index, for reading. Close it after use: `using corpus = openCorpus(path)`. */
export interface Corpus extends Disposable {
  passageCount: number;
  search(query: string, limit: number): Hit[];
  passage(id: number): Passage;
  documents(): DocumentInfo[];
  /** A document's lines, or undefined when there is no such document. */
  lines(file: string): string[] | undefined;
  /** How distinctive a term is: high for terms that few passages have, 0 for terms that no passage has. */
  distinctiveness(term: string): number;
}

/** Opens the index at this path. A file that is missing or no index is an `ResearchInputError`. */
export function openCorpus(path: string): Corpus {
  const { database, passageCount } = open(path);
  const stemCount = database.prepare("SELECT passages FROM stems WHERE stem = ?");
  const distinctiveness = (term: string): number => {
    const count = Number(stemCount.get(stem(term))?.["passages"] ?? 0);
    return count === 0 ? 0 : Math.log(1 + passageCount / count);
  };
  return {
    passageCount,
    distinctiveness,
    search: (query, limit) => search(database, query, limit),
    passage: (id) => readPassage(database, id),
    documents: () => readDocuments(database),
    lines: (file) => readLines(database, file),
    [Symbol.dispose]: () => database.close(),
  };
}

function open(path: string): { database: DatabaseSync; passageCount: number } {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    return {
      database,
      passageCount: Number(database.prepare("SELECT max(id) AS n FROM passages").get()?.["n"]),
    };
  } catch (cause) {
    throw new ResearchInputError(`There is no index at ${JSON.stringify(path)}.`, { cause });
  }
}

/** The text as an FTS5 query, or undefined when nothing in it can be searched for. */
export function ftsQuery(text: string, operator: "AND" | "OR"): string | undefined {
  const strings = searchTerms(text)
    .slice(0, MAX_QUERY_TERMS)
    .map((term) => ftsString(term));
  return strings.length === 0 ? undefined : strings.join(` ${operator} `);
}

function ftsString(term: string): string {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  if (!isCjk(term)) return quote(term);
  return [...term].length === 1 ? `${quote(term)} *` : quote(pairs(term).join(" "));
}

function search(database: DatabaseSync, query: string, limit: number): Hit[] {
  const hits = new Map<number, Hit>();
  for (const operator of ["AND", "OR"] as const) {
    const match = ftsQuery(query, operator);
    if (match === undefined || hits.size >= limit) break;
    for (const hit of runQuery(database, match, limit))
      if (hits.size < limit && !hits.has(hit.passage)) hits.set(hit.passage, hit);
  }
  return [...hits.values()];
}

function runQuery(database: DatabaseSync, match: string, limit: number): Hit[] {
  const rows = database
    .prepare(
      `SELECT p.id, p.file, p.start_line, p.end_line, ${RANK} AS score FROM passages_text JOIN passages p ON p.id = passages_text.rowid
       WHERE passages_text MATCH ? ORDER BY score, p.id LIMIT ?`,
    )
    .all(match, limit);
  return rows.map((row) => ({
    passage: Number(row["id"]),
    file: String(row["file"]),
    startLine: Number(row["start_line"]),
    endLine: Number(row["end_line"]),
    score: Number((-Number(row["score"])).toFixed(9)),
  }));
}

function readPassage(database: DatabaseSync, id: number): Passage {
  const row = database.prepare("SELECT * FROM passages WHERE id = ?").get(id);
  if (row === undefined) throw new ResearchInputError(`The index has no passage ${id}.`);
  return {
    id,
    file: String(row["file"]),
    startLine: Number(row["start_line"]),
    endLine: Number(row["end_line"]),
    heading: String(row["heading"]),
    text: String(row["text"]),
  };
}

function readDocuments(database: DatabaseSync): DocumentInfo[] {
  const rows = database.prepare("SELECT file, lines, sha256 FROM documents ORDER BY file").all();
  return rows.map((row) => ({
    file: String(row["file"]),
    lines: Number(row["lines"]),
    sha256: String(row["sha256"]),
  }));
}

function readLines(database: DatabaseSync, file: string): string[] | undefined {
  const row = database.prepare("SELECT text FROM documents WHERE file = ?").get(file);
  return row === undefined ? undefined : String(row["text"]).split("\n");
}
