/** Wires the parts of an engine, and opens and closes it. */
import { CanceledError, DarumaError, DuplicateRunError } from "../core/errors.ts";
import { tellSlow } from "./alone.ts";
import { Activities } from "./activities.ts";
import type { ActivityHost } from "./activities.ts";
import { Alarms } from "./alarms.ts";
import { asEngine, connectAsyncContext } from "./async-context.ts";
import { Attendance } from "./attendance.ts";
import { checkOptions } from "./check-options.ts";
import { Due } from "./due.ts";
import { admitEarly, beginEarly } from "./early.ts";
import { afterFence, afterWrite } from "./effects.ts";
import { Engine } from "./engine.ts";
import { installGuard } from "./guard/install.ts";
import { runningExecution } from "./guard/running-execution.ts";
import { limitHistory } from "./history-limit.ts";
import { Keys } from "./keys.ts";
import type { LiveRun } from "./live-run.ts";
import { Loop } from "./loop.ts";
import type { LoopHost } from "./loop.ts";
import { Memory } from "./memory.ts";
import { isMessage } from "./delivery.ts";
import type { EngineOptions } from "./options.ts";
import { dropRun, park } from "./parking.ts";
import { Slots } from "./slots.ts";
import type { EngineState } from "./state.ts";
import { afterCut } from "./stuck.ts";
import { StuckRuns } from "./stuck-runs.ts";
import { UpdateAnswers } from "./update-answers.ts";

/** Opens an engine: takes a session, and attends to every run that is due. @throws DarumaError DRM-INVALID-OPTION, DRM-DUPLICATE-WORKFLOW */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  checkOptions(options);
  connectAsyncContext();
  installGuard(runningExecution);
  const state = wire(options);
  state.session = await options.store.sessions.open(options.label, options.leaseMs);
  await asEngine(() => state.due.look(true));
  state.attendance.settled();
  asEngine(() => state.stuckRuns.begin());
  state.due.keep();
  state.unlisten = options.store.listen((keys) => asEngine(() => keys.forEach((key) => state.attend(key))));
  return new Engine(state);
}

function wire(options: EngineOptions): EngineState {
  const state = {
    options,
    workflows: new Map(options.workflows.map((workflow) => [workflow.name, workflow])),
    keys: new Keys(options.store.runs),
    closings: new Map(),
    answers: new UpdateAnswers(),
    followers: new Map(),
    counters: { late: 0, fenced: 0, commits: 0, violations: 0, checking: 0 },
    session: "",
    closed: false,
    unlisten: () => {},
  } as unknown as Writable<EngineState>;
  state.watch = options.watch();
  state.stuckRuns = new StuckRuns(state);
  state.memory = new Memory(options.cacheSize, (run) => {
    dropRun(state, run);
    state.alarms.watchStored(run.nextDue());
  });
  state.alarms = new Alarms(options.ports.clock, (run) => {
    // Nothing begins any more: a run that is due now stays due, and would be looked at again and again.
    if (state.closed) return;
    asEngine(() => (run === undefined ? void state.due.look() : state.due.ring(run)));
  });
  state.activities = new Activities(activityHost(state));
  state.attendance = new Attendance(state);
  state.due = new Due(state);
  state.loop = new Loop(loopHost(state));
  state.attend = (key) => void state.attendance.attend(key).catch(() => {});
  state.lose = (run) => afterFence(state, run);
  return state;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function activityHost(state: EngineState): ActivityHost {
  const { ports, limits, taskQueues, slots, interceptActivity } = state.options;
  return {
    ports,
    limits,
    intercept: interceptActivity,
    slots: new Slots(taskQueues, slots),
    settled: (run, message) => {
      const { ref } = message.type === "answer" ? message.event : message;
      const operation = `${message.type}.${run.key}.${ref}`;
      // From now on it must not be called again, however long its outcome waits in the queue.
      run.answered.add(ref);
      if (!run.dropped) state.loop.push(run, { message, operation });
      else if (message.type === "answer") keepResult(state, run, { message, operation });
    },
    heartbeat: (run, ref, details) => {
      if (run.dropped) return;
      run.heartbeats.set(ref, details);
      state.loop.touch(run);
    },
    closing: () => state.closed,
    late: () => void state.counters.late++,
  };
}

/** Finished work never runs again: a result whose run is set aside waits in its inbox. */
function keepResult(
  state: EngineState,
  run: LiveRun,
  delivery: { message: { type: "answer"; event: { type: string } }; operation: string },
): void {
  if (state.closed || run.parked === undefined || delivery.message.event.type !== "activity_completed") {
    state.counters.late++;
    return;
  }
  const body = JSON.stringify(delivery.message);
  state.loop.post({ message: { to: { key: run.key }, body, operation: delivery.operation } });
}

function loopHost(state: EngineState): LoopHost {
  const { ports, store } = state.options;
  return {
    ports,
    store,
    keys: state.keys,
    ids: ports.ids,
    workflows: state.workflows,
    watch: state.watch,
    session: () => state.session,
    committed: (run) => afterWrite(state, run),
    fenced: (run) => afterFence(state, run),
    duplicate: (run) => refuse(state, run),
    afterCommit: ({ notified }) => {
      state.counters.commits++;
      for (const key of notified) state.attend(key);
    },
    born: (runs) => runs.forEach((run) => state.attendance.attendNewborn(run)),
    begin: (run) => beginEarly(state, run),
    admit: (run) => admitEarly(state, run),
    historyWarning: state.options.limits.historyEventsWarn,
    grew: (run) => limitHistory(run, state.options),
    violated: (run, error) => park(state, run, error),
    keepAnswer: (run, operation, answer) => state.answers.add(run.key, operation, answer),
    late: (_run, delivery) => {
      if (isMessage(delivery.message)) state.counters.late++;
    },
    cut: (round, site) => afterCut(state, round, site),
    slow: (runs) => tellSlow(state, runs),
    fatal: (error) => state.options.onFatal(error),
  };
}

/** The id of a new run is taken. */
function refuse(state: EngineState, run: LiveRun): void {
  const error = new DuplicateRunError({ runId: run.id, workflow: run.workflow });
  const deliveries = [...run.taken, ...run.queue.drain()];
  dropRun(state, run);
  state.answers.again(run.key);
  for (const { message, operation, receipt, answer } of deliveries) {
    if (answer !== undefined) answer.again();
    else if (!isMessage(message)) receipt?.refuse(error);
    else
      state.loop.post({ message: { to: { id: run.id }, body: JSON.stringify(message), operation }, receipt });
  }
}

/** Closes an engine: lets attempts finish for `drainMs`, then aborts them; their runs go on when they are next opened. */
export async function closeEngine({ state }: Engine, drainMs: number): Promise<void> {
  if (state.closed) return;
  state.closed = true;
  state.unlisten();
  state.due.stop();
  state.stuckRuns.stop();
  await drained(state, drainMs);
  for (const run of state.memory.all()) {
    state.activities.abortAll(run, new CanceledError({ reason: "this process is closing" }));
  }
  await state.loop.whenIdle();
  state.loop.stop();
  state.alarms.stop();
  const error = new DarumaError("DRM-CLOSED", {
    message: "This Daruma was closed while somebody waited for the run.",
  });
  for (const run of state.memory.all()) for (const { parked } of run.waiting) parked(error);
  for (const waiting of state.closings.values()) for (const { parked } of waiting) parked(error);
  state.answers.rejectAll(error);
  for (const followers of state.followers.values()) for (const follower of followers) follower();
  await state.options.store.sessions.close(state.session);
}

/** Resolves when no attempt is running, or the time is over. */
async function drained({ activities, options, loop }: EngineState, drainMs: number): Promise<void> {
  const { clock } = options.ports;
  const until = clock.now() + drainMs;
  await loop.whenIdle();
  while (activities.running > 0 && clock.now() < until) {
    await new Promise<void>((resolve) => clock.alarm(Math.min(until, clock.now() + 10), resolve));
    await loop.whenIdle();
  }
}
