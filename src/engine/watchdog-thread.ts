/**
 * The watchdog's thread: sleeps, looks whether the main thread's turn gets on, and cuts it off when it does not.
 *
 * Invariants:
 * - The main thread is cut only while it stands still inside the very turn that was found stuck: no other code can be hit by mistake.
 * - Before the cut Node's stack of async ids is unwound. Code that is cut off does not run its `finally` blocks, Node's own among them, and Node aborts the
 *   process if that stack is not empty at the end of a callback.
 * - Where a debugger may be at work nobody is cut: whoever stands at a breakpoint does not give the thread back either.
 *
 * The class is sent to the thread as text, so that no build has to know of another file: it uses nothing that is not in it, in Node, or in its data.
 */
import type { Debugger, Runtime, Session } from "node:inspector/promises";
import type { cell, watchState } from "./watchdog-cells.ts";

/** What the thread gets. */
export interface WatchdogData {
  readonly cells: Int32Array;
  readonly text: Uint8Array;
  readonly cell: typeof cell;
  readonly watchState: typeof watchState;
}

/** What is seen of a turn: as long as it stays the same, the turn does not get on. */
interface Sight {
  readonly turn: number;
  readonly beat: number;
}

type Frames = readonly Debugger.CallFrame[];

export class WatchdogThread {
  readonly data: WatchdogData;
  readonly tell: () => void;

  constructor(data: WatchdogData, tell: () => void) {
    this.data = data;
    this.tell = tell;
    // A thread without anything to wait for would end while the inspector is asked.
    setInterval(() => {}, 2 ** 30);
    void this.watch();
  }

  async watch(): Promise<never> {
    const { cells, cell: at } = this.data;
    let seen = this.look();
    let since = Date.now();
    let tried: Sight | undefined;
    for (;;) {
      Atomics.wait(cells, at.never, 0, Math.max(1, this.read("limitMs") / 10));
      if (!this.atWork()) this.sleep();
      if (!this.stands(seen)) {
        seen = this.look();
        since = Date.now();
        continue;
      }
      const quiet = Date.now() - since;
      if (quiet * 2 >= this.read("limitMs")) Atomics.store(cells, at.slow, 1);
      if (quiet < this.read("limitMs") || (tried !== undefined && this.stands(tried))) continue;
      tried = seen;
      await this.stop(seen);
    }
  }

  /** Sleeps until a turn begins. */
  sleep(): void {
    const { cells, cell: at } = this.data;
    Atomics.store(cells, at.asleep, 1);
    if (!this.atWork()) Atomics.wait(cells, at.asleep, 1);
    Atomics.store(cells, at.asleep, 0);
  }

  read(name: keyof WatchdogData["cell"]): number {
    return Atomics.load(this.data.cells, this.data.cell[name]);
  }

  look(): Sight {
    return { turn: this.read("turn"), beat: this.read("beat") };
  }

  atWork(): boolean {
    return this.read("state") === this.data.watchState.atWork;
  }

  /** True if the turn is still where it was. */
  stands({ turn, beat }: Sight): boolean {
    return this.atWork() && turn === this.read("turn") && beat === this.read("beat");
  }

  report(message: string): void {
    const event = { level: 50, time: Date.now(), msg: message, event: "stuck_turn" };
    process.getBuiltinModule("node:fs").writeSync(2, `${JSON.stringify(event)}\n`);
  }

  /** Stops a turn that was found stuck. */
  async stop(sight: Sight): Promise<void> {
    const inspector = process.getBuiltinModule("node:inspector/promises");
    const session = new inspector.Session();
    try {
      session.connectToMainThread();
      const done = await this.whileItStands(sight, this.pauseAndCut(session, sight));
      if (done) await session.post("Debugger.disable");
    } catch (error) {
      this.report(`A turn does not give the thread back, and cannot be cut off: ${String(error)}`);
    } finally {
      session.disconnect();
    }
  }

  /** Waits for `work`, but not longer than the turn stays where it is. False: it got on. */
  async whileItStands(sight: Sight, work: Promise<void>): Promise<boolean> {
    const end = work.then(() => true);
    // When nobody waits for it any more it may fail.
    end.catch(() => {});
    for (;;) {
      const tick = new Promise<false>((resolve) => setTimeout(() => resolve(false), 20));
      if (await Promise.race([end, tick])) return true;
      if (!this.stands(sight) && this.read("state") !== this.data.watchState.cut) return false;
    }
  }

  async pauseAndCut(session: Session, sight: Sight): Promise<void> {
    const readUrl = `process.getBuiltinModule("node:inspector").url() ?? ""`;
    const { result } = await session.post("Runtime.evaluate", { expression: readUrl });
    if (result.value !== "") {
      this.report(
        "A turn does not give the thread back. It is not cut off, because this process can be debugged.",
      );
      return;
    }
    const stack = await this.pause(session);
    // It stands still now: what is true here stays true until it is cut.
    const stuck = this.stands(sight);
    const unwound = stuck && (await this.unwind(session));
    if (unwound) return this.cut(session, stack);
    await session.post("Debugger.resume");
    if (stuck) this.report(`A turn does not give the thread back. This Node cannot cut it off.\n${stack}`);
  }

  /** Pauses the main thread. The lines of its stack. */
  async pause(session: Session): Promise<string> {
    const files = new Map<string, string>();
    session.on("Debugger.scriptParsed", ({ params }) => void files.set(params.scriptId, params.url));
    const line = ({ functionName, location }: Debugger.CallFrame): string => {
      const { scriptId, lineNumber, columnNumber = 0 } = location;
      return `    at ${functionName} (${files.get(scriptId)}:${lineNumber + 1}:${columnNumber + 1})`;
    };
    await session.post("Debugger.enable");
    let frames = await this.pausedBy(session, "Debugger.pause");
    const inNode = (): boolean =>
      frames.every(({ location: { scriptId } }) => files.get(scriptId)?.startsWith("node:"));
    // Between two microtasks only Node's own functions are on the stack.
    for (let steps = 0; steps < 5 && inNode(); steps++)
      frames = await this.pausedBy(session, "Debugger.stepInto");
    return frames.map(line).join("\n");
  }

  async pausedBy(session: Session, method: "Debugger.pause" | "Debugger.stepInto"): Promise<Frames> {
    const paused = new Promise<Frames>((resolve) => {
      session.once("Debugger.paused", ({ params }) => resolve(params.callFrames));
    });
    await session.post(method);
    return paused;
  }

  /** Ends the async ids of the paused main thread, with Node's own function for that. False: it cannot be found. */
  async unwind(session: Session): Promise<boolean> {
    const expression = `process.getBuiltinModule("node:async_hooks").executionAsyncId()`;
    const { result } = await session.post("Runtime.evaluate", { expression });
    if (result.value === 0) return true;
    const objectId = await this.emitAfter(session);
    if (objectId === undefined) return false;
    const functionDeclaration = `function () {
      const { executionAsyncId } = process.getBuiltinModule("node:async_hooks");
      for (let left = 10000; left > 0 && executionAsyncId() !== 0; left--) this(executionAsyncId());
      return executionAsyncId();
    }`;
    const call: Runtime.CallFunctionOnParameterType = { objectId, functionDeclaration, returnByValue: true };
    const left = await session.post("Runtime.callFunctionOn", call);
    return left.result.value === 0;
  }

  /** Node's function that ends an async id: `process.nextTick` can see it. */
  async emitAfter(session: Session): Promise<string | undefined> {
    const own = (objectId: string | undefined): Promise<Runtime.GetPropertiesReturnType> =>
      session.post("Runtime.getProperties", { objectId: objectId ?? "", ownProperties: true });
    const expression = `globalThis[Symbol.for("daruma.real")]?.nextTick ?? process.nextTick`;
    const { result } = await session.post("Runtime.evaluate", { expression });
    const { internalProperties = [] } = await own(result.objectId);
    const scopes = internalProperties.find(({ name }) => name === "[[Scopes]]")?.value?.objectId;
    if (scopes === undefined) return undefined;
    for (const { value } of (await own(scopes)).result) {
      if (value?.objectId === undefined) continue;
      const found = (await own(value.objectId)).result.find(({ name }) => name === "emitAfter");
      if (found?.value?.objectId !== undefined) return found.value.objectId;
    }
    return undefined;
  }

  /** Cuts the paused main thread off, and tells it where it was. */
  async cut(session: Session, stack: string): Promise<void> {
    const { cells, cell: at, text } = this.data;
    const bytes = new TextEncoder().encode(stack).subarray(0, text.length);
    text.set(bytes);
    Atomics.store(cells, at.textBytes, bytes.length);
    Atomics.store(cells, at.state, this.data.watchState.cut);
    const terminated = session.post("Runtime.terminateExecution");
    await session.post("Debugger.resume");
    await terminated;
    this.tell();
  }
}
