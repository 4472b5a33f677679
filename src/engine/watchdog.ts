/**
 * The watchdog: one thread per process that cuts off workflow code which does not give the thread back. The rules for whoever is watched are in watch.ts.
 *
 * Invariant: a cut is told to the work that was cut, once, before any other work begins.
 */
import { Worker } from "node:worker_threads";
import { asEngine } from "./async-context.ts";
import { callSite } from "./call-site.ts";
import type { Watch, Watched } from "./watch.ts";
import { cell, cells, text, watchState } from "./watchdog-cells.ts";
import { WatchdogThread } from "./watchdog-thread.ts";
import type { WatchdogData } from "./watchdog-thread.ts";

let thread: Worker | undefined;
let unavailable = false;
let turns = 0;
let current: Watched | undefined;

/** Tells the work that was cut off, if any was. */
function tellCut(): void {
  if (Atomics.load(cells, cell.state) !== watchState.cut) return;
  const stack = new TextDecoder().decode(text.slice(0, cells[cell.textBytes]));
  Atomics.store(cells, cell.state, watchState.idle);
  const work = current;
  current = undefined;
  asEngine(() => work?.cut(callSite(stack)));
}

/** Starts the thread. Where threads are not allowed nothing is watched. */
function startThread(): Worker | undefined {
  if (unavailable) return undefined;
  try {
    // Some tools that transform code name functions through a helper of this name.
    const source = `
      var __name = (value) => value;
      const { parentPort, workerData } = require("node:worker_threads");
      new (${WatchdogThread.toString()})(workerData, () => parentPort.postMessage("cut"));
    `;
    const data: WatchdogData = { cells, text, cell, watchState };
    const started = new Worker(source, {
      eval: true,
      name: "daruma watchdog",
      workerData: data,
      // Nothing of the process's own start-up belongs into it: preloaded modules, conditions, test tools.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
    });
    started.on("message", tellCut);
    started.on("error", () => (unavailable = true));
    // Last, because a listener would keep the process alive again.
    started.unref();
    return started;
  } catch {
    unavailable = true;
    return undefined;
  }
}

/** Watches over turns of at most `limitMs` milliseconds. */
export function createWatchdog(limitMs: number): Watch {
  return {
    begin(work) {
      tellCut();
      thread ??= startThread();
      current = work;
      turns = (turns + 1) | 0;
      cells[cell.limitMs] = limitMs;
      cells[cell.slow] = 0;
      cells[cell.turn] = turns;
      Atomics.store(cells, cell.state, watchState.atWork);
      if (Atomics.load(cells, cell.asleep) === 1) {
        Atomics.store(cells, cell.asleep, 0);
        Atomics.notify(cells, cell.asleep);
      }
      return turns;
    },
    still: (turn) => turn === turns && Atomics.load(cells, cell.state) === watchState.atWork,
    end(turn) {
      if (turn !== turns || cells[cell.state] !== watchState.atWork) return;
      Atomics.store(cells, cell.state, watchState.idle);
      if (cells[cell.slow] === 1) current?.slow();
      current = undefined;
    },
  };
}
