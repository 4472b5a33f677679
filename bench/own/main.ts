/* Runs one scenario and prints its rows as JSON: `node bench/own/main.ts NAME FOLDER`. */
import { scenarios } from "./scenarios.ts";

const [name = "", folder = ""] = process.argv.slice(2);
const scenario = scenarios[name];
if (scenario === undefined) {
  process.stderr.write(`bench: no scenario ${name}; there are ${Object.keys(scenarios).join(", ")}\n`);
  process.exit(2);
}
process.stdout.write(`${JSON.stringify(await scenario(folder))}\n`);
