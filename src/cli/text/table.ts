/** Tables: columns as wide as their widest cell. */
import { padTo, width } from "./width.ts";

/** Lines of a table; cells may be colored. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => width(row[column] ?? ""))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : padTo(cell, widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
