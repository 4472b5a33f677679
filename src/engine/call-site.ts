/** Where in the user's code a call was made, read from a stack. */

// Frames of Daruma itself, from sources or built: the folder that holds this file's folder.
const here = import.meta.url;
const root = new URL("..", here).pathname.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const ownFrame = new RegExp(`${root}(core|workflow|engine|client|embedded|store|stores|testing|notations)/`);

/** True for a line of a stack that is Daruma's own. */
export function isOwnFrame(line: string): boolean {
  return ownFrame.test(line);
}

// A user's call is some fifteen of our own frames away; V8 shows ten by default.
const frameLimit = 40;

function stackHere(): string | undefined {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = frameLimit;
  const { stack } = new Error("site");
  Error.stackTraceLimit = before;
  return stack;
}

/** file:line:column of the user's call that led here; undefined if the stack shows only Daruma and Node. */
export function callSite(stack: string | undefined = stackHere()): string | undefined {
  const frames = (stack ?? "").split("\n").filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
  const user = frames.find((frame) => !ownFrame.test(frame) && !frame.includes("node:"));
  return (
    user
      ?.replace(/^\s*at (?:async )?(?:.*\()?/, "")
      .replace(/\)$/, "")
      .replace("file://", "")
      // Test runners and reloaders import a file under a query of their own.
      .replace(/\?[^:]*(?=:\d+:\d+$)/, "")
  );
}
