/* Measures state machines on Daruma and prints the measurements as JSON: `node bench/asl/ours.ts embedded|served FOLDER [--quick]`. */
import { fullEffort, quickEffort } from "../driver/effort.ts";
import { measureMachines } from "./compare.ts";
import { openEmbedded } from "./embedded.ts";
import { openServed } from "./served.ts";

const [way, folder = "", quick] = process.argv.slice(2);
const subject = await (way === "embedded" ? openEmbedded : openServed)(folder);
const measurements = await measureMachines(subject, {
  effort: quick === "--quick" ? quickEffort : fullEffort,
  onMeasurement: ({ workload, value, unit, note }) =>
    void process.stderr.write(`  ${subject.name} ${workload}: ${value ?? note} ${unit}\n`),
});
process.stdout.write(`${JSON.stringify(measurements)}\n`);
await subject.close();
