// A Step Functions server of its own process, which can be killed and comes back at the same address.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

export interface ServerOptions {
  readonly port: number;
  readonly store: string;
  readonly lambdaPort: number;
  readonly s3Port: number;
}

export class ConformanceServer {
  readonly #options: ServerOptions;
  #process: ChildProcess | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  /** Starts it and waits until it answers. */
  async start(): Promise<void> {
    const { port, store, lambdaPort, s3Port } = this.#options;
    const child = spawn(
      process.execPath,
      [
        "--conditions=daruma-source",
        "bin/daruma.js",
        "serve",
        "--step-functions",
        String(port),
        "--store",
        store,
        "--lambda-endpoint",
        `http://127.0.0.1:${lambdaPort}`,
        "--s3-endpoint",
        `http://127.0.0.1:${s3Port}`,
        "--account",
        "000000000000",
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    this.#process = child;
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
    for (let tries = 0; tries < 2400; tries++) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${said}`);
      const ok = await fetch(this.url).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ok) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error("the server does not answer");
  }

  async kill(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}
