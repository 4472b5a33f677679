/** The words of the example. Everything here is plain JSON: it travels between the workflow and its activities. */

/** Some consecutive lines of one document. Lines count from 1; `endLine` is included. */
export interface Passage {
  id: number;
  file: string;
  startLine: number;
  endLine: number;
  /** The headings above it, outermost first, joined with " › ". Empty when there is none. */
  heading: string;
  /** The lines as they stand in the document, joined with "\n". */
  text: string;
}

/** A document of the corpus. `sha256` is of its bytes, in hexadecimal. */
export interface DocumentInfo {
  file: string;
  lines: number;
  sha256: string;
}

/** Where an index is and what is in it. */
export interface IndexInfo {
  /** The index: a SQLite file. */
  path: string;
  documents: number;
  passages: number;
  /** Files that were left out, with the reason. */
  skipped: string[];
  /** SHA-256 over the names and contents of all documents, in hexadecimal. */
  fingerprint: string;
}

/** One thing to search for. */
export interface Topic {
  /** "t01", "t02", … in the order of importance. */
  id: string;
  title: string;
  /** Plain words; no query syntax. */
  query: string;
}

/** A reference to a passage that a search found; the text stays in the index. Best first, `score` above 0. */
export interface Hit {
  passage: number;
  file: string;
  startLine: number;
  endLine: number;
  score: number;
}

/** What became of one topic's search. */
export type SearchResult = { topic: Topic; hits: Hit[] } | { topic: Topic; error: string };

/**
 * Words that stand in a document. `text` may have several lines: line n of it is part of line `line + n` of `file`,
 * character for character.
 */
export interface Quotation {
  file: string;
  line: number;
  text: string;
}

/** What was found out about one topic. `text` is prose by a model; the extractive code writes none. */
export interface Finding {
  topic: string;
  text: string;
  quotations: Quotation[];
}

/** A statement of the summary, with what it rests on. */
export interface Statement {
  text: string;
  quotations: Quotation[];
}

/** Everything that a report says, before it is made Markdown. */
export interface Findings {
  summary: Statement[];
  findings: Finding[];
  /** Remarks on how the report came about, such as quotations that were dropped. */
  notes: string[];
}

/** Who decomposes the question and writes the report. */
export type Writer = "extractive" | "model";
