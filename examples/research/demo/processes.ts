/** What research processes are told. */
import type { ResearchInput } from "../workflow.ts";

/** As JSON in the first argument. */
export interface Order {
  /** The store's URL, such as "sqlite:/tmp/daruma.db". */
  store: string;
  runId: string;
  /** Given: a new run is started. Not given: the store has the run, and opening the store lets it go on. */
  input?: ResearchInput;
}
