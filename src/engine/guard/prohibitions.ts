/** What workflow code may not call, and what to do instead: one row per group. Names that a version of Node does not have are passed over. */

/** Functions of one object that are out of reach for workflow code, for one reason. */
export interface Group {
  /** The object; undefined if this process does not have it. */
  readonly target: () => object | undefined;
  /** What people write before the name, with the dot: `fs.`. */
  readonly label: string;
  /** Default: every function of the object. */
  readonly names?: readonly string[];
  /** What to do instead. */
  readonly fix: string;
}

const wait =
  "Use sleep(), withTimeout() or condition(): they are durable, and take as long in a replay as they should.";
const breathe = "Leave it out: other runs are not held up by a turn. To wait for something use condition().";
const inActivity = "Move it into an activity(), and use what that returns.";
const processMatter =
  "A workflow outlives the process that it runs in: do this outside of it, or in an activity().";

type BuiltIn = Parameters<typeof process.getBuiltinModule>[0];

function builtIn(name: BuiltIn): () => object | undefined {
  return () => process.getBuiltinModule(name);
}

function inGlobal(label: string): () => object | undefined {
  return () => Reflect.get(globalThis, label) as object | undefined;
}

const timers: readonly Group[] = [
  ...[() => globalThis, builtIn("node:timers")].flatMap((target) => [
    { target, label: "", names: ["setTimeout", "setInterval"], fix: wait },
    { target, label: "", names: ["setImmediate"], fix: breathe },
  ]),
  { target: builtIn("node:timers/promises"), label: "timers/promises ", fix: wait },
  {
    target: () => Object.getPrototypeOf(process.getBuiltinModule("node:timers/promises").scheduler) as object,
    label: "scheduler.",
    fix: wait,
  },
  { target: inGlobal("AbortSignal"), label: "AbortSignal.", names: ["timeout"], fix: wait },
  { target: inGlobal("Atomics"), label: "Atomics.", names: ["wait", "waitAsync"], fix: wait },
  { target: () => process, label: "process.", names: ["nextTick"], fix: "Use queueMicrotask() or await." },
];

const network: readonly Group[] = [
  {
    target: () => globalThis,
    label: "",
    names: ["fetch", "WebSocket", "EventSource", "XMLHttpRequest"],
    fix: inActivity,
  },
  {
    target: builtIn("node:net"),
    label: "net.",
    names: ["connect", "createConnection", "createServer"],
    fix: inActivity,
  },
  {
    target: () => process.getBuiltinModule("node:net").Socket.prototype,
    label: "net.Socket ",
    names: ["connect"],
    fix: inActivity,
  },
  {
    target: () => process.getBuiltinModule("node:net").Server.prototype,
    label: "net.Server ",
    names: ["listen"],
    fix: inActivity,
  },
  { target: builtIn("node:tls"), label: "tls.", names: ["connect", "createServer"], fix: inActivity },
  {
    target: builtIn("node:http"),
    label: "http.",
    names: ["request", "get", "createServer"],
    fix: inActivity,
  },
  {
    target: builtIn("node:https"),
    label: "https.",
    names: ["request", "get", "createServer"],
    fix: inActivity,
  },
  {
    target: builtIn("node:http2"),
    label: "http2.",
    names: ["connect", "createServer", "createSecureServer"],
    fix: inActivity,
  },
  { target: builtIn("node:dgram"), label: "dgram.", names: ["createSocket"], fix: inActivity },
  { target: builtIn("node:dns"), label: "dns.", fix: inActivity },
  { target: builtIn("node:dns/promises"), label: "dns.promises.", fix: inActivity },
];

const machine: readonly Group[] = [
  { target: builtIn("node:fs"), label: "fs.", fix: inActivity },
  { target: builtIn("node:fs/promises"), label: "fs.promises.", fix: inActivity },
  { target: builtIn("node:sqlite"), label: "sqlite.", names: ["DatabaseSync", "backup"], fix: inActivity },
  // Names that are imported from node:sqlite do not follow its exports, so that the methods are guarded too.
  {
    target: () => process.getBuiltinModule("node:sqlite").DatabaseSync.prototype,
    label: "DatabaseSync ",
    names: ["open", "exec", "prepare"],
    fix: inActivity,
  },
  {
    target: () => process.getBuiltinModule("node:sqlite").StatementSync.prototype,
    label: "StatementSync ",
    names: ["get", "all", "iterate", "run"],
    fix: inActivity,
  },
  { target: builtIn("node:child_process"), label: "child_process.", fix: inActivity },
  { target: builtIn("node:worker_threads"), label: "worker_threads.", names: ["Worker"], fix: inActivity },
  {
    target: () => process,
    label: "process.",
    names: ["exit", "abort", "reallyExit", "kill", "execve"],
    fix: "Throw an error to end the run, or do it outside of the workflow.",
  },
  {
    target: () => process,
    label: "process.",
    names: [
      "chdir",
      "umask",
      "dlopen",
      "loadEnvFile",
      "setuid",
      "seteuid",
      "setgid",
      "setegid",
      "setgroups",
      "initgroups",
    ],
    fix: processMatter,
  },
];

export const groups: readonly Group[] = [...timers, ...network, ...machine];
