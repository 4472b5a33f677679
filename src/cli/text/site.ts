/** Where in the user's code something happened. */
import { join } from "node:path";
import { callSite } from "../../engine/call-site.ts";

/** The folder of this package. The same place from src/cli/text/ and from dist/cli/text/. */
const own = join(import.meta.dirname, "../../..");

const ownFolders = ["bin", "src", "dist"].map((folder) => join(own, folder, "/"));

/** file:line:column of the first frame that is neither Daruma's nor Node's; undefined if the stack shows no such frame. */
export function userSite(stack: string | undefined): string | undefined {
  const site = callSite(stack ?? "");
  return site === undefined || ownFolders.some((folder) => site.startsWith(folder)) ? undefined : site;
}
