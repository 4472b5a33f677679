/** Changing a workflow while runs of it are open. */
import { currentScope } from "./scope.ts";
import { DarumaError } from "../core/errors.ts";
import { checkName } from "../core/names.ts";

/** What {@link getVersion} returns for a run that passed this point before the change existed. */
export const defaultVersion = -1;

/**
 * The version of a change that this run follows: −1 if the run was here before the change existed, else the newest one, recorded so that every replay
 * takes the same way. Name changes for what they do: `memory_retrieval_v1`, not `fix_bug_123`.
 * @throws DarumaError DRM-UNKNOWN-VERSION if the run's recorded version is not between `min` and `max`
 */
export function getVersion(changeId: string, min: number, max: number): number {
  const { seam } = currentScope("getVersion()").run;
  checkName("change", changeId);
  const version = seam.version(changeId, min, max);
  if (version >= min && version <= max) return version;
  throw new DarumaError("DRM-UNKNOWN-VERSION", {
    message: `This run follows version ${version} of the change ${changeId}, which this code no longer knows.`,
    subject: changeId,
    expected: `a version from ${min} to ${max}`,
    found: String(version),
  });
}

/** True in runs that reach this point with the change in place, false in runs from before it: `getVersion(id, -1, 1) >= 1`. */
export function patched(changeId: string): boolean {
  return getVersion(changeId, defaultVersion, 1) >= 1;
}
