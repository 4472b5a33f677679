/**
 * The memory that the main thread and the watchdog's thread share: the main thread says that it is at work and that it gets on; the thread looks now and then.
 *
 * Invariant: what the main thread does here for each turn costs nanoseconds; no timer, no message.
 */

/** The numbers in it. */
export const cell = {
  /** One of `watchState`. */
  state: 0,
  /** The number of the turn. */
  turn: 1,
  /** Grows with every sign that the turn gets on. */
  beat: 2,
  /** 1: the thread sleeps until it is woken. */
  asleep: 3,
  /** 1: the turn has taken half of its time without a sign. */
  slow: 4,
  /** How long a turn may take without a sign, milliseconds. */
  limitMs: 5,
  /** How long the text is that follows, in bytes. */
  textBytes: 6,
  /** Nobody writes here: the thread waits for it when it wants to sleep for a while. */
  never: 7,
} as const;

export const watchState = { idle: 0, atWork: 1, cut: 2 } as const;

const numbers = 8;
const textRoom = 8192;
const memory = new SharedArrayBuffer(numbers * Int32Array.BYTES_PER_ELEMENT + textRoom);

export const cells: Int32Array<SharedArrayBuffer> = new Int32Array(memory, 0, numbers);

/** Where the code was when it was cut off: the lines of its stack. */
export const text: Uint8Array<SharedArrayBuffer> = new Uint8Array(
  memory,
  numbers * Int32Array.BYTES_PER_ELEMENT,
);

/** A sign that the turn gets on: another run's code has begun, a durable call was made. */
export function beat(): void {
  cells[cell.beat] = ((cells[cell.beat] ?? 0) + 1) | 0;
}
