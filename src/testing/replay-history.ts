/** Replays recorded histories against today's code: the check, in CI, that a change does not break open runs. */
import { readFile } from "node:fs/promises";
import { DarumaError, UnknownWorkflowError } from "../core/errors.ts";
import type { Event, HistoryEvent } from "../core/events.ts";
import { resolveLimits } from "../core/limits.ts";
import { progressOf } from "../core/progress.ts";
import type { RunStatus } from "../core/status.ts";
import { nodePorts } from "../embedded/node-ports.ts";
import { connectAsyncContext } from "../engine/async-context.ts";
import { Execution } from "../engine/execution.ts";
import { installGuard } from "../engine/guard/install.ts";
import { runningExecution } from "../engine/guard/running-execution.ts";
import { replayTurns } from "../engine/replay.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";
import { originOf, parseHistory } from "./history-text.ts";

/** What is replayed against what. */
export interface ReplayOptions {
  /** The code: one workflow, or several of which the history's first event names one. */
  readonly workflow: AnyWorkflow | readonly AnyWorkflow[];
  /** The recorded events, or a file that holds them (JSON Lines or a JSON array, as `daruma history RUN --json` prints them). */
  readonly events: readonly HistoryEvent[] | { readonly file: string | URL };
  /** Compare inputs and results too, not only kind, name and position of each command. Default: false, as when a run goes on after a deploy. */
  readonly strict?: boolean | undefined;
  /** What `runInfo().id` says, and what ids of children begin with. Default: what the events say in `run`, else "replay". */
  readonly id?: string;
  /** What `runInfo().generation` says. Default: what the events say in `generation`, else 1. */
  readonly generation?: number;
}

/** A history that the code fits. */
export interface Replayed {
  readonly workflow: string;
  readonly events: number;
  /** Where the run stands at the end of the history. */
  readonly status: RunStatus;
}

/**
 * Replays a history against a workflow, without running anything of it.
 * @throws NonDeterminismError with `expected`, `found` and `site` if the code asks for something else than the history holds; StrayAwaitError and other
 * violations; DarumaError DRM-CORRUPT-HISTORY if the events are no history; UnknownWorkflowError
 */
export async function replayHistory(options: ReplayOptions): Promise<Replayed> {
  const recorded = await eventsOf(options.events);
  const events = recorded.map(asRecorded);
  const workflow = workflowOf(options.workflow, events[0]);
  const { id = "replay", generation = 1, strict = false } = { ...originOf(recorded), ...options };
  const limits = resolveLimits();
  connectAsyncContext();
  installGuard(runningExecution);
  const execution = new Execution({
    workflow,
    id,
    generation,
    limits,
    strict,
    trace: true,
    emit: () => {},
  });
  // A run whose first turn was never committed has only its first event.
  if (events.length > 1) await replayTurns(execution, events, nodePorts.settle);
  return { workflow: workflow.name, events: events.length, status: statusOf(events) };
}

/** As the engine has it: the number is the position, and whose it is goes without saying. */
function asRecorded(event: HistoryEvent): Event {
  const {
    seq: _seq,
    run: _run,
    generation: _generation,
    ...recorded
  } = event as HistoryEvent & Readonly<Record<"run" | "generation", unknown>>;
  return recorded;
}

async function eventsOf(given: ReplayOptions["events"]): Promise<readonly HistoryEvent[]> {
  if (!("file" in given)) return parseHistory(JSON.stringify(given));
  const { file } = given;
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new DarumaError("DRM-INVALID-OPTION", {
      message: `The file of a history cannot be read: ${String(file)}.`,
      subject: "events.file",
      cause,
    });
  });
  return parseHistory(text, String(file));
}

function workflowOf(given: ReplayOptions["workflow"], first: Event | undefined): AnyWorkflow {
  if (!isList(given)) return given;
  const name = first?.type === "run_started" ? first.workflow : "";
  const found = given.find((workflow) => workflow.name === name);
  if (found !== undefined) return found;
  throw new UnknownWorkflowError({ workflow: name, known: given.map((workflow) => workflow.name) });
}

function isList(given: ReplayOptions["workflow"]): given is readonly AnyWorkflow[] {
  return Array.isArray(given);
}

function statusOf(events: readonly Event[]): RunStatus {
  return progressOf(events).status;
}
