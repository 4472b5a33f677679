/** Why a test cannot go on, in words. */
import type { Backend, RunDescription, RunSummary } from "../client/backend.ts";
import { DarumaError } from "../core/errors.ts";

const shown = 5;

function iso(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}

/** What one open run waits for: "approval-1 waits for signal approve (since 2026-01-01T00:00:00.000Z)". */
function reasons({ id, why, waits }: RunDescription): string {
  if (why !== undefined) return `${id} is parked (${why.code}): ${why.message.split("\n")[0]}`;
  const each = waits.map(({ what, since }) => (since === undefined ? what : `${what} (since ${iso(since)})`));
  return `${id} waits for ${each.length === 0 ? "nothing that can be named" : each.join(", ")}`;
}

async function openRuns(backend: Backend): Promise<readonly RunSummary[]> {
  const { runs } = await backend.list({ status: "running" }, { limit: shown });
  return runs.toReversed();
}

/** Somebody waits for `what`, and nothing is left that could bring it about. */
export async function stuckError(what: string, backend: Backend): Promise<DarumaError> {
  const runs = await Promise.all((await openRuns(backend)).map(({ id }) => backend.describe(id)));
  return new DarumaError("DRM-TEST-STUCK", {
    message: `The test waits for ${what}, but nothing is under way and no timer is open.`,
    subject: what,
    found: runs.length === 0 ? "no open run" : runs.map(reasons).join("; "),
  });
}

/** Time was let run, and there is no end to it. */
export function tooManyAlarms(limit: number, now: number): DarumaError {
  return new DarumaError("DRM-TEST-STUCK", {
    message: "The test lets time run, but there is always one more timer.",
    expected: `an end after at most ${limit} alarms (the option maxSkips)`,
    found: `the clock is at ${iso(now)} and more alarms are set`,
    fix: "Use `advance` to go a certain way, or raise `maxSkips`.",
  });
}

/** The process is dead; what it was asked may have happened or not. */
export function crashedError(): DarumaError {
  return new DarumaError("DRM-CONNECTION", {
    message:
      "The engine of this test crashed before it answered; what it was asked may have happened or not.",
    fix: "Ask again with the same operation id, or look at what has survived.",
  });
}
