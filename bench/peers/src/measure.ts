/*
 * Measures one engine in this process: opens it in a new folder, runs the workloads, closes it, deletes the folder.
 * That order holds after an error and after a signal too; servers are ended before their files are deleted.
 */
import { fullEffort, quickEffort } from "../../driver/effort.ts";
import { benchFolder } from "../../driver/folder.ts";
import { measure } from "../../driver/measure.ts";
import type { Measurement } from "../../driver/subject.ts";
import { within } from "../../driver/timing.ts";
import type { Peer } from "./peer.ts";
import { stopServers } from "./process.ts";

const CLOSE_MS = 15_000;
const SIGNALED = 128;
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/** Opens, measures and closes the engine. Throws when it cannot be opened or closed; a signal ends the process. */
export async function measurePeer(peer: Peer, quick: boolean): Promise<Measurement[]> {
  const folder = benchFolder();
  if (folder.inMemory)
    process.stderr.write(`${folder.path} is in memory: an fsync costs nothing there. Set BENCH_DIR.\n`);
  const signal = nextSignal();
  try {
    const outcome = await Promise.race([openAndMeasure(peer, folder.path, quick), signal]);
    if (Array.isArray(outcome)) return outcome;
    process.exitCode = SIGNALED + outcome;
  } finally {
    await stopServers();
    folder.remove();
  }
  return process.exit();
}

async function openAndMeasure(peer: Peer, folder: string, quick: boolean): Promise<Measurement[]> {
  const subject = await peer.open(folder);
  process.stderr.write(`${subject.name}. ${subject.durability}. ${subject.note}\n`);
  const effort = quick ? quickEffort : fullEffort;
  const measurements = await measure(subject, { effort, onMeasurement: report });
  await within(CLOSE_MS, subject.close());
  return measurements;
}

/** The number of the first signal that asks this process to end. */
function nextSignal(): Promise<number> {
  return new Promise((resolve) => {
    for (const [signal, number] of Object.entries(SIGNALS)) process.once(signal, () => resolve(number));
  });
}

function report({ subject, workload, value, unit, min, max, runs, note }: Measurement): void {
  const figure = value === null ? "" : ` ${value} ${unit} (${min} to ${max}, ${runs} figures)`;
  process.stderr.write(`${subject}, ${workload}:${figure}${note && ` ${note}`}\n`);
}
