/** JSON that is safe on a terminal: what a terminal could take for a command is escaped, which changes nothing for a reader of JSON. */
import { unprintable } from "../../core/printable.ts";

const everyUnprintable = new RegExp(unprintable.source, "gu");

/** One line. */
export function jsonText(value: unknown): string {
  return escapeJson(JSON.stringify(value) ?? "null");
}

/** JSON text from elsewhere, made safe; line ends between values stay. */
export function escapeJson(text: string): string {
  return text.replace(everyUnprintable, (found) =>
    found === "\n" ? found : String.raw`\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
