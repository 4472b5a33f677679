/** Changing a workflow while runs of it are open. */
import { currentScope } from "./scope.ts";
import { DarumaError } from "../core/errors.ts";
import { checkName } from "../core/names.ts";

/** What {@link getVersion} returns for a run that passed this point before the change existed. */
export const defaultVersion = -1;

/**
 * The version of a change that this run follows: −1 if the run was here before the change existed, else the newest one, recorded so that every replay
 * takes the same way. Name changes for what they do: `memory_retrieval_v1`, not `fix_bug_123`.
 *
 * A run that follows a version outside of `min` to `max` is parked (DRM-UNKNOWN-VERSION): it goes on with code that knows its version.
 * @throws DarumaError DRM-INVALID-NAME, DRM-INVALID-OPTION
 */
export function getVersion(changeId: string, min: number, max: number): number {
  const { seam } = currentScope("getVersion()").run;
  checkName("change", changeId);
  if (Number.isSafeInteger(min) && Number.isSafeInteger(max) && min >= defaultVersion && max >= min)
    return seam.version(changeId, min, max);
  throw new DarumaError("DRM-INVALID-OPTION", {
    message: `getVersion() was called for the change ${changeId} with versions that cannot be.`,
    subject: changeId,
    expected: "whole numbers from -1, the smaller one first",
    found: `${min} to ${max}`,
  });
}

/** True in runs that reach this point with the change in place, false in runs from before it: `getVersion(id, -1, 1) >= 1`. */
export function patched(changeId: string): boolean {
  return getVersion(changeId, defaultVersion, 1) >= 1;
}
