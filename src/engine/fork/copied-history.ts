/**
 * The history that a run is born with which goes on from a cut: the copied events, and a note that they are copied.
 *
 * Invariants:
 * - The copied events are those of the source, but for what ties a run to others: its parent, its deadline, the ids of children that start again.
 * - The time limit of the run counts anew; what its timers have left is kept.
 * - If nothing was decided before the cut, nothing is copied but what the run was started with: it begins now, with randomness of its own.
 */
import { DarumaError } from "../../core/errors.ts";
import type {
  ChildStarted,
  Event,
  ParentClosePolicy,
  ParentRef,
  RunForked,
  RunStarted,
} from "../../core/events.ts";
import { progressOf } from "../../core/progress.ts";
import { isTurnless } from "../replay.ts";
import type { Cut } from "./points.ts";

/** A run that starts the new one as its child. */
export interface Parent {
  readonly ref: ParentRef;
  readonly close: ParentClosePolicy;
}

/** What the history is made from. */
export interface HistoryOptions {
  readonly source: { readonly id: string; readonly generation: number };
  readonly events: readonly Event[];
  readonly cut: Cut;
  readonly as: RunForked["as"];
  readonly operation: string;
  /** For the randomness of the new run. */
  readonly seed: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly parent?: Parent | undefined;
}

/** All events. `children`: those that begin in the new run, with their ids there. */
export function copiedHistory(options: HistoryOptions, children: readonly ChildStarted[]): Event[] {
  const { events, cut, now, seed } = options;
  const copied = events.slice(0, cut.copied);
  const fresh = isTurnless(copied);
  const note = noteOf(options, copied, fresh ? undefined : seed);
  const started = ownStart(options, note.time);
  if (fresh)
    return [
      { ...started, seed, time: now },
      { ...note, time: now },
    ];
  const renamed = new Map(children.map((child) => [child.ref, child]));
  const own = copied.map((event) =>
    event.type === "child_started" ? (renamed.get(event.ref) ?? event) : event,
  );
  return [started, ...own.slice(1), note];
}

function noteOf(options: HistoryOptions, copied: readonly Event[], seed: string | undefined): RunForked {
  const { source, events, cut, as, operation, now } = options;
  return {
    type: "run_forked",
    as,
    from: { id: source.id, generation: source.generation, at: cut.at },
    operation,
    ...(seed === undefined ? {} : { seed }),
    // The time of the point: what the source waited for until it went on has passed for the new run, too.
    delayMs: Math.max(0, now - (events[cut.copied]?.time ?? now)),
    time: Math.max(now, copied.at(-1)?.time ?? now),
  };
}

/** The start of the source, as that of a run that is its own from `time` on. */
function ownStart({ events, source, parent }: HistoryOptions, time: number): RunStarted {
  const { started, limitMs } = progressOf(events);
  if (started === undefined)
    throw new DarumaError("DRM-CORRUPT-HISTORY", {
      message: `The history of run ${source.id} does not begin with its start.`,
      subject: source.id,
    });
  const deadline = limitMs === undefined ? undefined : time + limitMs;
  return { ...started, parent: parent?.ref, parentClose: parent?.close, deadline };
}
