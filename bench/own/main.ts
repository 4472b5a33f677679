/* Runs one scenario and prints its rows as JSON: `node bench/own/main.ts NAME FOLDER`. */
import { aslScenarios } from "../asl/scenarios.ts";
import { scenarios as ownScenarios } from "./scenarios.ts";

const [name = "", folder = ""] = process.argv.slice(2);
const scenarios = { ...ownScenarios, ...aslScenarios };
const scenario = scenarios[name];
if (scenario === undefined) {
  process.stderr.write(`bench: no scenario ${name}; there are ${Object.keys(scenarios).join(", ")}\n`);
  process.exit(2);
}
process.stdout.write(`${JSON.stringify(await scenario(folder))}\n`);
