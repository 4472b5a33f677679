/** The real clock, ids and scheduling of a Node process. */
import { randomBytes } from "node:crypto";
import type { Cancelable, Clock, Ids, Ports } from "../core/ports.ts";
import { real } from "../engine/guard/real.ts";

// One timer of Node reaches 2^31 - 1 ms; beyond, it would ring at once.
const longestMs = 2 ** 31 - 1;

/** An alarm of any length, never early: rings are checked against the clock. */
const clock: Clock = {
  now: () => real.now(),
  alarm(at, ring): Cancelable {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const left = at - real.now();
      if (left <= 0 && timer !== undefined) return ring();
      timer = real.setTimeout(arm, Math.min(Math.max(left, 0), longestMs));
    };
    arm();
    return { cancel: () => real.clearTimeout(timer) };
  },
};

const randomBytesEach = 10;
const pool = { bytes: Buffer.alloc(0), at: 0 };

/** Random bytes in hexadecimal; fetched in large pieces, because asking the system each time costs more than the rest of an id. */
function randomHex(): string {
  if (pool.at + randomBytesEach > pool.bytes.length) {
    pool.bytes = randomBytes(randomBytesEach * 1024);
    pool.at = 0;
  }
  const from = pool.at;
  pool.at += randomBytesEach;
  return pool.bytes.toString("hex", from, pool.at);
}

/** 48 bits of time and 80 random bits, as UUID version 7 orders them (RFC 9562), in hexadecimal without dashes. */
function unique(): string {
  return real.now().toString(16).padStart(12, "0") + randomHex();
}

const ids: Ids = { unique, random: () => real.random() };

/** The ports of production. */
export const nodePorts: Ports = {
  clock,
  ids,
  // As a microtask: code that is cut off inside of a callback of Node's would leave Node's own lists of callbacks in disorder.
  defer: (work) => void real.setImmediate(() => void Promise.resolve().then(work)),
  // nextTick runs when the microtask queue is empty: a microtask asks for it, so all that was waiting, and all it caused, has run.
  settle: () => new Promise((resolve) => queueMicrotask(() => real.nextTick(resolve))),
};
