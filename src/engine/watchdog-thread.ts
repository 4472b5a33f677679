/**
 * The watchdog's thread: sleeps, looks whether the main thread's turn gets on, and cuts it off when it does not.
 *
 * Invariants:
 * - The main thread is cut only while it is paused inside the very turn that was found stuck: no other code can be hit by mistake.
 * - Before the cut, Node's stack of async ids is unwound. Code that is cut off does not run its `finally` blocks, Node's own among them, and Node
 *   aborts the process when that stack is not empty at the end of a callback.
 * - Under a debugger nobody is cut: whoever stands at a breakpoint does not give the thread back either.
 *
 * The function is sent to the thread as text, so that no build has to know about another file: it uses nothing from outside of itself.
 */
import type { Runtime, Session as InspectorSession } from "node:inspector/promises";

/** What the thread gets. */
export interface WatchdogData {
  readonly cells: Int32Array;
  readonly text: Uint8Array;
  readonly cell: typeof import("./watchdog-cells.ts").cell;
  readonly watchState: typeof import("./watchdog-cells.ts").watchState;
}

/** What runs in the thread. */
export function watchdogThread(): void {
  const { workerData, parentPort } = process.getBuiltinModule("node:worker_threads");
  const { cells, text, cell, watchState } = workerData as WatchdogData;

  const readDebugger = `process.getBuiltinModule("node:inspector").url() ?? ""`;
  const readIds = `process.getBuiltinModule("node:async_hooks").executionAsyncId()`;
  const realTick = `(globalThis[Symbol.for("daruma.real")]?.nextTick ?? process.nextTick)`;
  // "this" is Node's own function that ends the innermost async id.
  const unwind = `function () {
    const { executionAsyncId } = process.getBuiltinModule("node:async_hooks");
    for (let left = 10000; left > 0 && executionAsyncId() !== 0; left--) this(executionAsyncId());
    return executionAsyncId();
  }`;

  /** What was seen of a turn. */
  interface Sight {
    readonly turn: number;
    readonly beat: number;
  }

  /** The turn that was found stuck is over, or gets on again. */
  class MovedOn extends Error {}

  const at = (index: number): number => Atomics.load(cells, index);
  const atWork = (): boolean => at(cell.state) === watchState.atWork;
  const look = (): Sight => ({ turn: at(cell.turn), beat: at(cell.beat) });
  const same = (a: Sight, b: Sight): boolean => a.turn === b.turn && a.beat === b.beat;
  const doze = (ms: number): unknown => Atomics.wait(cells, cell.never, 0, Math.max(1, ms));

  /** Sleeps until a turn begins. */
  function sleep(): void {
    Atomics.store(cells, cell.asleep, 1);
    if (!atWork()) Atomics.wait(cells, cell.asleep, 1);
    Atomics.store(cells, cell.asleep, 0);
  }

  function report(message: string): void {
    const event = { level: 50, time: Date.now(), msg: message, event: "stuck_turn" };
    process.getBuiltinModule("node:fs").writeSync(2, `${JSON.stringify(event)}\n`);
  }

  /** An answer of the main thread, for as long as it is stuck. */
  async function answered<T>(sight: Sight, answer: Promise<T>): Promise<T> {
    for (;;) {
      const wait = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 20));
      const result = await Promise.race([answer.then((value) => ({ value })), wait]);
      if (result !== undefined) return result.value;
      if (!atWork() || !same(sight, look())) throw new MovedOn();
    }
  }

  /** Unwinds the async ids of the paused main thread. False: it cannot be done. */
  async function unwound(session: InspectorSession): Promise<boolean> {
    const ids = await session.post("Runtime.evaluate", { expression: readIds });
    if (ids.result.value === 0) return true;
    const scopes = await scopesOf(session, realTick);
    for (const scope of scopes) {
      const found = scope.find(({ name }) => name === "emitAfter")?.value?.objectId;
      if (found === undefined) continue;
      const call: Runtime.CallFunctionOnParameterType = {
        objectId: found,
        functionDeclaration: unwind,
        returnByValue: true,
      };
      const left = await session.post("Runtime.callFunctionOn", call);
      return left.result.value === 0;
    }
    return false;
  }

  /** The variables that a function of the main thread can see, scope by scope. */
  async function scopesOf(session: InspectorSession, expression: string) {
    const own = (objectId: string | undefined) =>
      session.post("Runtime.getProperties", { objectId: objectId ?? "", ownProperties: true });
    const { result } = await session.post("Runtime.evaluate", { expression });
    const { internalProperties = [] } = await own(result.objectId);
    const list = internalProperties.find(({ name }) => name === "[[Scopes]]")?.value?.objectId;
    if (list === undefined) return [];
    const scopes = (await own(list)).result.filter(({ value }) => value?.objectId !== undefined);
    return Promise.all(scopes.map(async ({ value }) => (await own(value?.objectId)).result));
  }

  /** Cuts the paused main thread off. */
  async function cut(session: InspectorSession, stack: string): Promise<void> {
    const { written } = new TextEncoder().encodeInto(stack, new Uint8Array(text.length));
    text.set(new TextEncoder().encode(stack).subarray(0, written));
    Atomics.store(cells, cell.textBytes, written);
    Atomics.store(cells, cell.state, watchState.cut);
    const terminated = session.post("Runtime.terminateExecution");
    await session.post("Debugger.resume");
    await terminated;
    parentPort?.postMessage("cut");
  }

  /** Pauses the main thread. The lines of its stack. */
  async function pause(session: InspectorSession): Promise<string> {
    const files = new Map<string, string>();
    session.on("Debugger.scriptParsed", ({ params }) => void files.set(params.scriptId, params.url));
    const paused = (): Promise<string[]> =>
      new Promise((resolve) => {
        session.once("Debugger.paused", ({ params }) => {
          resolve(
            params.callFrames.map(({ functionName, location }) => {
              const { scriptId, lineNumber, columnNumber = 0 } = location;
              return `    at ${functionName} (${files.get(scriptId)}:${lineNumber + 1}:${columnNumber + 1})`;
            }),
          );
        });
      });
    await session.post("Debugger.enable");
    let next = paused();
    await session.post("Debugger.pause");
    let frames = await next;
    // Between two microtasks only Node's own functions are on the stack.
    for (let steps = 0; steps < 5 && frames.every((frame) => frame.includes("(node:")); steps++) {
      next = paused();
      await session.post("Debugger.stepInto");
      frames = await next;
    }
    return frames.join("\n");
  }

  /** Pauses the main thread, looks whether it is where it was, and cuts it off. */
  async function stop(session: InspectorSession, sight: Sight): Promise<void> {
    const url = await answered(sight, session.post("Runtime.evaluate", { expression: readDebugger }));
    if (url.result.value !== "") {
      report(
        "A turn does not give the thread back. It is not cut off, because this process can be debugged.",
      );
      return;
    }
    const stack = await answered(sight, pause(session));
    // It stands still now: what is true here stays true until it is cut.
    if (!atWork() || !same(sight, look())) return void (await session.post("Debugger.resume"));
    if (await unwound(session)) return cut(session, stack);
    await session.post("Debugger.resume");
    report(`A turn does not give the thread back. It cannot be cut off by this version of Node.\n${stack}`);
  }

  async function stopTurn(sight: Sight): Promise<void> {
    const { Session } = process.getBuiltinModule("node:inspector/promises");
    const session = new Session();
    try {
      session.connectToMainThread();
      await stop(session, sight);
      await session.post("Debugger.disable");
    } catch (error) {
      if (!(error instanceof MovedOn))
        report(`A turn does not give the thread back, and cannot be cut off: ${String(error)}`);
    } finally {
      session.disconnect();
    }
  }

  async function watch(): Promise<never> {
    let seen = look();
    let since = Date.now();
    let given: Sight | undefined;
    for (;;) {
      doze(at(cell.limitMs) / 10);
      const now = look();
      if (!atWork()) sleep();
      if (!atWork() || !same(seen, now)) {
        seen = look();
        since = Date.now();
        continue;
      }
      const quiet = Date.now() - since;
      if (quiet * 2 >= at(cell.limitMs)) Atomics.store(cells, cell.slow, 1);
      if (quiet < at(cell.limitMs) || (given !== undefined && same(given, seen))) continue;
      given = seen;
      await stopTurn(seen);
    }
  }

  // A thread without anything to wait for would end while it waits for the inspector.
  setInterval(() => {}, 2 ** 30);
  void watch();
}
