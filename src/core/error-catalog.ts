/**
 * The catalogue of errors: every code that a user can meet, what it means in a few words, and what to do about it.
 *
 * Invariants (held by a test):
 * - each code has a page `docs/errors/<CODE>.md`, and each page has a code here;
 * - a code is never reused for another meaning, because it is stored in histories.
 */

/** One entry of the catalogue: `title` says what happened, `fix` says what to do when the thrower knows nothing better. */
export interface CatalogEntry {
  readonly title: string;
  readonly fix: string;
}

export const catalogue = {
  // Definitions, input and options.
  "DRM-UNKNOWN-WORKFLOW": {
    title: "No workflow has this name",
    fix: "Check the spelling, and pass the workflow in `workflows` when you open Daruma or start the worker.",
  },
  "DRM-DUPLICATE-WORKFLOW": {
    title: "Two definitions have the same name",
    fix: "Give each workflow and each activity a name of its own.",
  },
  "DRM-INVALID-INPUT": {
    title: "The value does not fit its schema",
    fix: "Correct the values at the listed paths, or change the schema.",
  },
  "DRM-INVALID-NAME": {
    title: "The name cannot be used",
    fix: "Use a text that is not empty, is not too long and has no control characters.",
  },
  "DRM-INVALID-DURATION": {
    title: "The duration cannot be read",
    fix: 'Write a text with units, such as "30s", "5m", "1h30m" or "90d", or a number of milliseconds.',
  },
  "DRM-INVALID-OPTION": {
    title: "An option has a value that is not allowed",
    fix: "Correct the option that the message names.",
  },
  "DRM-INVALID-DEFINITION": {
    title: "A state machine's definition cannot be used",
    fix: "Correct what the message lists, line by line; `daruma asl check FILE` shows the same.",
  },
  "DRM-MODULE": {
    title: "A module could not be used",
    fix: "Check that the file exists, that Node can import it, and that it exports what the message asks for.",
  },
  "DRM-USAGE": {
    title: "The command line cannot be understood",
    fix: "Run the command with `--help` to see what it takes.",
  },
  // Runs.
  "DRM-DUPLICATE-RUN": {
    title: "A run with this id exists already",
    fix: "Use another id, or take the run that exists by its id.",
  },
  "DRM-RUN-NOT-FOUND": {
    title: "No run has this id",
    fix: "Check the id and the store: `daruma list` shows the runs that the store knows.",
  },
  "DRM-RUN-CLOSED": {
    title: "The run is closed",
    fix: "A closed run takes no messages. Start a new run.",
  },
  "DRM-FORK-POINT": {
    title: "No run can go on from this point of the history",
    fix: "Take one of the points that the message names; `daruma history ID` shows what they are.",
  },
  "DRM-NOT-RETRYABLE": {
    title: "The run cannot go on from its failure",
    fix: "Read the message: name the event to go on from, or fork the run.",
  },
  "DRM-RUN-FAILED": {
    title: "The run failed",
    fix: "Read `cause`: it is the error that the workflow threw.",
  },
  "DRM-RUN-CANCELED": {
    title: "The run was canceled",
    fix: "Nothing needs to be repaired. Start a new run if the work is still wanted.",
  },
  "DRM-RUN-TIMED-OUT": {
    title: "The run reached its time limit",
    fix: "Give the run a longer time-out, or find out with `daruma show` what it waited for.",
  },
  "DRM-RUN-TERMINATED": {
    title: "The run was terminated",
    fix: "Nothing needs to be repaired. Start a new run if the work is still wanted.",
  },
  // Payloads.
  "DRM-PAYLOAD-UNSUPPORTED": {
    title: "A value cannot be stored",
    fix: "Pass plain data: JSON, Date, bigint, Map, Set, Uint8Array or Error. Open connections and files inside activities.",
  },
  "DRM-PAYLOAD-TOO-LARGE": {
    title: "A value is too large to be stored",
    fix: "Keep large data elsewhere and pass a reference to it, or raise `limits.payloadBytes`.",
  },
  "DRM-PAYLOAD-TOO-DEEP": {
    title: "A value is nested too deeply to be stored",
    fix: "Pass a flatter value, for example a list of nodes that refer to each other by id.",
  },
  "DRM-PAYLOAD-CORRUPT": {
    title: "A stored value cannot be read",
    fix: "Check the disk and who else writes to the store. Restore the store from a backup if it was damaged.",
  },
  // Activities, time-outs, cancellation, children.
  "DRM-ACTIVITY-FAILED": {
    title: "An activity failed for good",
    fix: "Read the message and `attempts`. Handle the error in the workflow, or change the retry policy of the activity.",
  },
  "DRM-ACTIVITY-LOST": {
    title: "The process died too many times while an activity ran",
    fix: "Find out why the process dies (memory, a native module, a call to exit), then start the run again.",
  },
  "DRM-UNKNOWN-ACTIVITY": {
    title: "No activity has this name here",
    fix: "Import the module that defines the activity in the process that runs the workflow.",
  },
  "DRM-TIMEOUT": {
    title: "Something did not happen in time",
    fix: "Catch the TimeoutError where waiting may end, or give more time.",
  },
  "DRM-CANCELED": {
    title: "The work was canceled",
    fix: "Let the error pass, or clean up in a `shielded` block and throw it again.",
  },
  "DRM-CHILD-FAILED": {
    title: "A child run did not complete",
    fix: "Read `cause`, and handle the error in the parent if the parent can go on without the child.",
  },
  "DRM-NO-QUORUM": {
    title: "Too few of the parallel calls can still succeed",
    fix: "Read `errors`. Ask for fewer results, or handle the error.",
  },
  // Workflow code.
  "DRM-NOT-IN-WORKFLOW": {
    title: "A durable call was made outside a workflow",
    fix: "Make the call inside the function given to `workflow()`, not in an activity, a callback of a timer or a module.",
  },
  "DRM-NOT-IN-ACTIVITY": {
    title: "An activity's context was asked for outside an activity",
    fix: "Call `activityContext()` inside the function given to `activity()`.",
  },
  "DRM-FORBIDDEN-CALL": {
    title: "Workflow code called something that is not deterministic",
    fix: "Move the call into an activity, or use the durable call that the message names.",
  },
  "DRM-STRAY-AWAIT": {
    title: "Workflow code waits for something that is not a durable call",
    fix: "Await activities, `sleep`, signals, children and `condition` only. Move other asynchronous work into an activity.",
  },
  "DRM-NONDETERMINISM": {
    title: "The workflow's code does not fit the run's history",
    fix: "Deploy code that makes the recorded calls in their order, and guard changes with `getVersion` or `patched`. The run is parked and goes on then.",
  },
  "DRM-STUCK-TURN": {
    title: "Workflow code did not give control back in time",
    fix: "Look for a loop without an `await` of a durable call. Move long computations into an activity, or raise `limits.turnMs`.",
  },
  "DRM-READ-ONLY": {
    title: "A durable call was made where only reading is allowed",
    fix: "Queries, validators and conditions may read the workflow's state only. Make durable calls in the workflow itself.",
  },
  "DRM-UNKNOWN-VERSION": {
    title: "The code no longer supports the version that the run is on",
    fix: "Widen the range given to `getVersion`, or keep the old code until its last run is closed.",
  },
  "DRM-UNKNOWN-QUERY": {
    title: "The workflow handles no query of this name",
    fix: "Call `query.handle()` in the workflow before its first durable call.",
  },
  "DRM-QUERY-FAILED": {
    title: "The handler of a query threw an error",
    fix: "Read `cause`. The run itself goes on.",
  },
  "DRM-UNKNOWN-UPDATE": {
    title: "The workflow handles no update of this name",
    fix: "Call `update.handle()` in the workflow before its first durable call.",
  },
  "DRM-UPDATE-REJECTED": {
    title: "The validator refused the update",
    fix: "Read `cause` and send an update that the workflow accepts. The refusal left no trace in the run.",
  },
  // Limits.
  "DRM-HISTORY-LIMIT": {
    title: "The history of a run has reached its limit",
    fix: "Use `continueAsNew` before the history grows so long, or raise `limits.historyEvents`.",
  },
  "DRM-PENDING-LIMIT": {
    title: "Too many calls of one run are open at once",
    fix: "Start fewer at once, for example with a bounded map, or raise `limits.pendingCommands`.",
  },
  "DRM-DEPTH-LIMIT": {
    title: "Child runs are nested too deeply",
    fix: "Check for a workflow that starts itself without an end, or raise `limits.childDepth`.",
  },
  "DRM-SIGNAL-LIMIT": {
    title: "Too many signals of one run wait to be received",
    fix: "Receive signals faster in the workflow, send fewer, or raise `limits.signalsBuffered`.",
  },
  // Stores.
  "DRM-STORE-URL": {
    title: "The store's URL cannot be used",
    fix: 'Write "sqlite:./daruma.db", or "memory:" for a store that forgets everything at the end.',
  },
  "DRM-STORE-BUSY": {
    title: "Another process has the database open",
    fix: "Talk to that process instead, or stop it first.",
  },
  "DRM-STORE-FAILED": {
    title: "The store could not read or write",
    fix: "Check disk space, permissions and the disk itself, then start the process again. What was acknowledged is kept.",
  },
  "DRM-STORE-UNAVAILABLE": {
    title: "The store gave no answer",
    fix: "Nothing needs to be repaired if it passes: the operation is repeated and takes effect once. Otherwise check the database and the network.",
  },
  "DRM-STORE-VERSION": {
    title: "The database engine's version is not safe to use",
    fix: "Install a Node that carries SQLite 3.51.3 or later.",
  },
  "DRM-STORE-SCHEMA": {
    title: "The database was written by another version of Daruma",
    fix: "Use the version of Daruma that the message names, or a newer one.",
  },
  "DRM-STORE-DURABILITY": {
    title: "The database does not promise to keep what it commits",
    fix: "Put the database on a file system that supports full synchronization.",
  },
  "DRM-STORE-LOST-COMMITS": {
    title: "Commits that were acknowledged are missing from the database",
    fix: "Stop, keep a copy of all files, and restore from a backup. The disk or the file system lost data.",
  },
  "DRM-CORRUPT-HISTORY": {
    title: "The stored history of a run is damaged",
    fix: "Keep a copy of the database, check the disk, and restore from a backup. Other runs are not affected.",
  },
  "DRM-FENCED": {
    title: "Another holder has taken over the run",
    fix: "Nothing needs to be repaired: the newer holder goes on with the run.",
  },
  // The test kit.
  "DRM-TEST-STUCK": {
    title: "A test waits for something that cannot come",
    fix: "Send what the runs wait for before you wait for a result, or move the clock with `advance`.",
  },
  "DRM-TEST-FAILED": {
    title: "A test left a mistake that nobody looked at",
    fix: "Correct the workflow; or, if the test expects this, look at `test.violations`.",
  },
  // The process.
  "DRM-NODE-VERSION": {
    title: "This version of Node is too old",
    fix: "Install Node 24 or later.",
  },
  "DRM-CLOSED": {
    title: "Daruma is closed",
    fix: "Make calls before `close()`, or open it again.",
  },
  "DRM-CONNECTION": {
    title: "The other process cannot be reached",
    fix: "Check that it runs and that the address is right. What was acknowledged is kept.",
  },
  "DRM-INTERNAL": {
    title: "Daruma has broken a rule of its own",
    fix: "This is a fault of Daruma. Please report it with the message, the stack and the history of the run.",
  },
} as const;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof catalogue;

/** True if the text is a code of the catalogue (a history may hold codes of a newer version). */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(catalogue, code);
}
