// `npm run simulate -- --seeds N --seed S [--verbose]`: runs N simulations from seed S on. A seed that finds something prints itself, the invariant by number and
// the last of what happened; the same seed does the same again. With --verbose all that happened is printed.
import { parseArgs } from "node:util";
import { simulate } from "../test/simulation/simulation.ts";
import type { Report } from "../test/simulation/simulation.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    seed: { type: "string", default: "0" },
    verbose: { type: "boolean", default: false },
  },
});

function show({ seed, violation, trace, steps, events, runs }: Report): void {
  if (violation === undefined && !values.verbose) return;
  console.log(`\n${trace.join("\n")}\n`);
  console.log(`seed ${seed}: ${runs} runs, ${events} events, ${steps} steps`);
  if (violation !== undefined) console.log(`seed ${seed}: VIOLATION of ${violation.message}`);
}

const first = Number(values.seed);
const count = Number(values.seeds);
const startedAt = performance.now();
let failed = 0;
let events = 0;
for (let seed = first; seed < first + count; seed++) {
  const report = await simulate({ seed, keep: values.verbose ? 1_000_000 : 40 });
  events += report.events;
  if (report.violation !== undefined) failed++;
  show(report);
}
const ms = performance.now() - startedAt;
console.log(
  `${count} seeds from ${first}: ${failed} failed, ${events} events, ${(ms / count).toFixed(1)} ms per seed`,
);
process.exitCode = failed === 0 ? 0 : 1;
