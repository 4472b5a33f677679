/** What the engine reports, as lines beside the output of a command. */
import { printableLines } from "../../core/printable.ts";
import type { Telemetry } from "../../telemetry/telemetry.ts";
import { jsonLines } from "../../telemetry/telemetry.ts";
import type { Context } from "../context.ts";

/** Warnings and errors as lines for people on stderr; with --json as lines of JSON. */
export function telemetryLines(context: Context): Telemetry {
  if (context.json)
    return jsonLines(
      (line) => context.io.stderr.write(line),
      () => context.io.now(),
    );
  return ({ level, message }) => {
    if (level !== "warn" && level !== "error") return;
    const label = level === "warn" ? context.err.warn("warning:") : context.err.bad("error:");
    context.tell(`${label} ${printableLines(message)}`);
  };
}
