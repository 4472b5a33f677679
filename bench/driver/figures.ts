import { BenchError } from "./subject.ts";

/** Several figures of the same thing, summed up. */
export interface Summary {
  readonly value: number;
  readonly runs: number;
  readonly min: number;
  readonly max: number;
}

/** The middle figure; of an even number the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new BenchError("median of no figures");
  return (lower + upper) / 2;
}

/** Median, extremes and count, rounded to four significant digits. */
export function summarize(figures: readonly number[]): Summary {
  return {
    value: significant(median(figures)),
    runs: figures.length,
    min: significant(Math.min(...figures)),
    max: significant(Math.max(...figures)),
  };
}

function significant(figure: number): number {
  return Number(figure.toPrecision(4));
}
