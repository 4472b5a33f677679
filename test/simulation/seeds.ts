/** Runs many simulations, and says what failed in a way that reproduces. */
import { simulate } from "./simulation.ts";
import type { Report } from "./simulation.ts";

/** What a failing simulation says of itself. */
function explain({ seed, violation, trace }: Report): string {
  const head = `seed ${seed}: ${violation?.message ?? "no violation"}`;
  return `${head}\n${trace.join("\n")}\nAgain: npm run simulate -- --seeds 1 --seed ${seed}`;
}

/** Simulates `count` seeds from `first` on; the explanations of those that failed. */
export async function failures(
  first: number,
  count: number,
  told?: (report: Report) => void,
): Promise<string[]> {
  const failed: string[] = [];
  for (let seed = first; seed < first + count; seed++) {
    const report = await simulate({ seed });
    told?.(report);
    if (report.violation !== undefined) failed.push(explain(report));
  }
  return failed;
}
