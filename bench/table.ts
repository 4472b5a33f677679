/* The tables that the benchmark prints: ratios first. */
import type { Measurement } from "./driver/subject.ts";
import { holds } from "./own/row.ts";
import type { Row } from "./own/row.ts";

/** A workload that is compared with peers: how many times the best of them Daruma must be, and aims to be. */
interface Bound {
  readonly must?: number;
  readonly aim?: number;
}

/** What the project asks of itself against the best peer. */
const bounds: Readonly<Record<string, Bound>> = {
  oneActivity: { must: 20, aim: 60 },
  tenActivities: { must: 15, aim: 40 },
};

/** A number with about three digits that mean something. */
function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Our own workloads, each with its bound. */
export function ownTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { workload, value, unit, must, aim, better, note } = row;
    const sign = better === "higher" ? "≥" : "≤";
    const bound =
      must === undefined ? "" : `${sign} ${figure(must)}${aim === undefined ? "" : ` (aim ${figure(aim)})`}`;
    return [holds(row) ? "✓" : "✗", workload, `${figure(value)} ${unit}`, bound, note];
  });
  return columns([["", "workload", "measured", "must be", ""], ...lines]);
}

/** How many times better `ours` is than `theirs`; above 1 is better. */
function ratio(ours: Measurement, theirs: Measurement): number | undefined {
  if (ours.value === null || theirs.value === null) return undefined;
  return ours.better === "higher" ? ours.value / theirs.value : theirs.value / ours.value;
}

/** Daruma against each peer: ratios first, then the figures. */
export function peerTable(ours: readonly Measurement[], peers: readonly Measurement[]): string {
  const names = [...new Set(peers.map(({ subject }) => subject))];
  const lines = ours.map((mine) => {
    const theirs = names.map((name) =>
      peers.find((one) => one.subject === name && one.workload === mine.workload),
    );
    const ratios = theirs.map((one) => (one === undefined ? undefined : ratio(mine, one)));
    const known = ratios.filter((one) => one !== undefined);
    const best = known.length === 0 ? "" : `${figure(Math.min(...known))} ×`;
    const { must, aim } = bounds[mine.workload] ?? {};
    const bound = must === undefined ? "" : `≥ ${must} × (aim ${aim} ×)`;
    const figures = theirs.map((one) => (one === undefined || one.value === null ? "-" : figure(one.value)));
    return [
      mine.workload,
      best,
      bound,
      mine.unit,
      mine.value === null ? mine.note : figure(mine.value),
      ...figures,
    ];
  });
  return columns([["workload", "against the best", "must be", "unit", "daruma", ...names], ...lines]);
}
