/** The command `daruma`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "./commands.ts";
import { dispatch } from "./dispatch.ts";
import { processIo } from "./process-io.ts";

/** The same place from src/cli/ and from dist/cli/. */
function packageVersion(): string {
  const text = readFileSync(join(import.meta.dirname, "../../package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

const code = await dispatch(process.argv.slice(2), { commands, version: packageVersion(), io: processIo() });
// A module of the user may hold something open; what was asked for is done. Both streams are emptied first.
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
