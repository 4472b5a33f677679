/** Names and ids that users give: what is allowed, and how they are shown. */
import { DarumaError } from "./errors.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { cut, printable, unprintable } from "./printable.ts";

export { printable, printableLines } from "./printable.ts";

const shownLength = 80;

function problem(name: unknown, limit: number): string | undefined {
  if (typeof name !== "string") return "a text";
  if (name.trim() === "") return "a text that is not empty";
  if (name.length > limit) return `at most ${limit} characters (limits.nameLength)`;
  return unprintable.test(name) ? "a text without control characters or broken characters" : undefined;
}

function show(name: unknown): string {
  if (typeof name !== "string") return name === null ? "null" : `a value of type ${typeof name}`;
  return `"${printable(cut(name, shownLength))}"`;
}

/**
 * The name itself, if it can be used. `kind` says what it names ("run id", "workflow", "activity", "signal").
 * @throws DarumaError DRM-INVALID-NAME: not a text, empty, too long, or with control characters.
 */
export function checkName(
  kind: string,
  name: unknown,
  limits: Pick<Limits, "nameLength"> = defaultLimits,
): string {
  const expected = problem(name, limits.nameLength);
  if (expected === undefined) return name as string;
  const found = show(name);
  throw new DarumaError("DRM-INVALID-NAME", {
    message: `The ${kind} ${found} cannot be used.`,
    subject: kind,
    expected,
    found,
  });
}
