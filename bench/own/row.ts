/* One line of our own figures, with what the project asks of it. */

/** A figure and the bounds that it is held against. */
export interface Row {
  readonly workload: string;
  readonly value: number;
  readonly unit: string;
  /** The bound that must hold, and in which direction it bounds. */
  readonly must?: number | undefined;
  readonly aim?: number | undefined;
  readonly better: "higher" | "lower";
  readonly note: string;
}

/** True if the bound holds, or there is none. */
export function holds({ value, must, better }: Row): boolean {
  return must === undefined || (better === "higher" ? value >= must : value <= must);
}

/** The middle of the figures; the lower of the two middle ones if they are even in number. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
