/** Errors about the command line: exit code 2. */
import { DarumaError } from "../core/errors.ts";

/** What is wrong, and optionally what to write instead. */
export function usageError(
  message: string,
  more: { fix?: string; expected?: string; found?: string } = {},
): DarumaError {
  return new DarumaError("DRM-USAGE", { message, ...more });
}
