/** The client seen from workflow code: what it may not call, and which durable call does the same. */
import type { Backend } from "../client/backend.ts";
import type { Prohibition } from "../engine/guard/forbid.ts";
import type { Records } from "../store/records.ts";

const inActivity = "Do it in an activity(), and use what that returns.";

/** What workflow code may not ask of a client. Errors name the client's methods, because those are what people call. */
export const notFromWorkflows: Readonly<Record<keyof Backend, Prohibition>> = {
  start: {
    call: "start() of a client",
    fix: "Use child(workflow, input), or child.start() to go on at once.",
  },
  send: {
    call: "signal(), pause(), resume(), cancel() or terminate() of a run's handle",
    fix: "Use signal() or cancel() of the handle that child.start() returns; reach other runs from an activity().",
  },
  fork: { call: "fork() of a client or of a run's handle", fix: inActivity },
  retry: { call: "retry() of a run's handle", fix: inActivity },
  update: { call: "update() of a run's handle", fix: inActivity },
  query: { call: "query() of a run's handle", fix: inActivity },
  result: {
    call: "result() of a run's handle",
    fix: "Use child(workflow, input), or result() of a child's handle.",
  },
  describe: { call: "describe() of a run's handle", fix: inActivity },
  summary: { call: "summary() of a run's handle", fix: inActivity },
  history: { call: "history() of a run's handle", fix: inActivity },
  list: { call: "list() of a client", fix: inActivity },
  close: { call: "close() of a client", fix: "Close it where it was opened." },
};

const ofRecords: Prohibition = { call: "a record of the store", fix: inActivity };

/** Records change behind a history's back. */
export const recordsNotFromWorkflows: Readonly<Record<keyof Records, Prohibition>> = {
  get: ofRecords,
  list: ofRecords,
  put: ofRecords,
  remove: ofRecords,
};

export const notOpening: Prohibition = {
  call: "Daruma.open() or Daruma.connect()",
  fix: "Open it where the process begins; workflow code uses child() and signals.",
};
