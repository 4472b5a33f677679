// `npm run fuzz -- [--seed N] [--runs FACTOR] [--rounds N] [PATH…]`: the property tests with a random seed and more runs, as often as asked. The seed is printed; with it the
// same inputs come again: `npm run fuzz -- --seed N`. PATHs choose among the files that have properties.
import { globSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { spawnSync } from "node:child_process";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string" },
    runs: { type: "string", default: "10" },
    rounds: { type: "string", default: "1" },
  },
});

const files = globSync("test/**/*.test.ts")
  .filter((file) => readFileSync(file, "utf8").includes("fc.assert("))
  .filter((file) => positionals.length === 0 || positionals.some((path) => file.includes(path)));

function round(seed: number): boolean {
  console.log(`seed ${seed}, ${values.runs} times the usual runs, ${files.length} files`);
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--testTimeout=600000", "--reporter=dot", ...files],
    {
      stdio: "inherit",
      env: { ...process.env, DARUMA_FUZZ_SEED: String(seed), DARUMA_FUZZ_RUNS: values.runs },
    },
  );
  const again = ["npm run fuzz --", `--seed ${seed}`, `--runs ${values.runs}`, ...positionals].join(" ");
  if (status !== 0) console.log(`FAILED: ${again}`);
  return status === 0;
}

const first = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
for (let number = 0; number < Number(values.rounds); number++)
  if (!round(first + number)) process.exitCode = 1;
