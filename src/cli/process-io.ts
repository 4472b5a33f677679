/** The real world. */
import { text } from "node:stream/consumers";
import type { WriteStream } from "node:tty";
import { setTimeout as sleep } from "node:timers/promises";
import type { EndSignal, Io, Sink } from "./io.ts";

type Write = (text: string) => void;

/** A reader that has gone (`daruma list | head`) is no reason to stop. */
function sinkOf(stream: WriteStream): Sink & { readonly stream: WriteStream } {
  const write = stream.write.bind(stream);
  stream.on("error", () => {});
  return {
    stream,
    write: (data) => void write(data),
    isTTY: stream.isTTY && process.env["TERM"] !== "dumb",
    colors: stream.isTTY && stream.getColorDepth() > 1,
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
  };
}

/** Node calls back when a text is written; who writes to an intercepted stream is told that at once. */
function replaceWrite(stream: WriteStream, take: Write): () => void {
  const before = Object.getOwnPropertyDescriptor(stream, "write");
  const write = (data: string | Uint8Array, ...rest: unknown[]): boolean => {
    take(typeof data === "string" ? data : Buffer.from(data).toString("utf8"));
    const told = rest.find((one) => typeof one === "function");
    if (told !== undefined) queueMicrotask(() => told());
    return true;
  };
  Object.defineProperty(stream, "write", { value: write, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(stream, "write");
    else Object.defineProperty(stream, "write", before);
  };
}

function intercept(streams: readonly WriteStream[], take: Write): () => void {
  const restore = streams.map((stream) => replaceWrite(stream, take));
  return () => restore.forEach((undo) => undo());
}

function onEndSignal(take: (signal: EndSignal) => void): () => void {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const listeners = signals.map((signal) => [signal, () => take(signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}

/** The io of this process. */
export function processIo(): Io {
  const stdout = sinkOf(process.stdout);
  const stderr = sinkOf(process.stderr);
  const terminals = [stdout, stderr].filter(({ isTTY }) => isTTY).map(({ stream }) => stream);
  return {
    stdout,
    stderr,
    pid: process.pid,
    now: () => Date.now(),
    readStdin: () => text(process.stdin),
    onEndSignal,
    pause: (ms) => sleep(ms),
    every: (ms, work) => {
      const timer = setInterval(work, ms);
      return () => clearInterval(timer);
    },
    interceptTerminal: (take) => intercept(terminals, take),
    exit: (code) => process.exit(code),
  };
}
