/** The world as the commands see it: streams, time, signals. Tests hand in their own. */

/** One of the two output streams. */
export interface Sink {
  write(text: string): void;
  readonly isTTY: boolean;
  /** True: the reader understands colors and has not asked for none (NO_COLOR). */
  readonly colors: boolean;
  readonly columns: number;
  readonly rows: number;
}

/** Signals that ask a process to end. */
export type EndSignal = "SIGINT" | "SIGTERM";

/** What commands need of their process. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly pid: number;
  now(): number;
  /** All of the standard input, as text. */
  readStdin(): Promise<string>;
  /** Calls `take` for each signal until the returned function is called. */
  onEndSignal(take: (signal: EndSignal) => void): () => void;
  /** Resolves after so many milliseconds. */
  pause(ms: number): Promise<void>;
  /** Calls `work` every so many milliseconds until the returned function is called. */
  every(ms: number, work: () => void): () => void;
  /** Hands over what other code writes to the terminal, so that it does not run into a drawing, until the returned function is called. */
  interceptTerminal(take: (text: string) => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}
