/* The tables that the benchmark prints: ratios first. */
import type { About, Measurement } from "./driver/subject.ts";
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
function ratio(ours: Measurement<string>, theirs: Measurement<string>): number | undefined {
  if (ours.value === null || theirs.value === null) return undefined;
  return ours.better === "higher" ? ours.value / theirs.value : theirs.value / ours.value;
}

/** Daruma against each peer: ratios first, then the figures. */
export function peerTable(
  ours: readonly Measurement<string>[],
  peers: readonly Measurement<string>[],
): string {
  const workloads = new Set(ours.map(({ workload }) => workload));
  const comparable = peers.filter(({ workload }) => workloads.has(workload));
  const names = [...new Set(comparable.map(({ subject }) => subject))];
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
  return columns([
    ["workload", "against the best", "must be", "unit", ours[0]?.subject ?? "", ...names],
    ...lines,
  ]);
}

/**
 * State machines, in-process and over a socket apart: what has no socket to cross is compared with what has none.
 * Restate's run of one activity, through its ingress, stands beside a machine of one task through our server.
 */
export function machineTables(
  ours: readonly Measurement<string>[],
  peers: readonly Measurement<string>[],
): string {
  const ingress = peers
    .filter(({ subject, workload }) => subject.startsWith("Restate") && workload === "oneActivity")
    .map((one) => ({ ...one, subject: `${one.subject} (ingress, oneActivity)`, workload: "oneTask" }));
  const table = (title: string, transport: About["transport"]): string => {
    const over = (one: Measurement<string>): boolean => one.transport === transport;
    return `${title}\n${peerTable(ours.filter(over), [...peers, ...ingress].filter(over))}`;
  };
  return `${table("State machines in the process", "in-process")}\n\n${table("State machines over HTTP", "socket")}`;
}
