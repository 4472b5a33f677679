/** Where in the user's code a call was made, read from a stack. */

// Frames of Daruma itself, from sources or built: the folder that holds this file's folder.
const root = new URL("..", import.meta.url).pathname.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const ownFrame = new RegExp(`${root}(core|workflow|engine|client|store|stores|testing|notations)/`);

/** file:line:column of the user's call that led here; undefined if the stack shows only Daruma and Node. */
export function callSite(stack: string | undefined = new Error("site").stack): string | undefined {
  const frames = (stack ?? "").split("\n").filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
  const user = frames.find((frame) => !ownFrame.test(frame) && !frame.includes("node:"));
  return user
    ?.replace(/^\s*at (?:async )?(?:.*\()?/, "")
    .replace(/\)$/, "")
    .replace("file://", "");
}
