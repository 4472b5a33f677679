/*
 * Measures one engine in this process: opens it in a new folder, runs the workloads, closes it, deletes the folder.
 * That order holds after an error and after a signal too; servers are ended before their files are deleted.
 */
import { fullEffort, quickEffort, type Effort } from "../../driver/effort.ts";
import { benchFolder } from "../../driver/folder.ts";
import type { About, Measurement } from "../../driver/subject.ts";
import { within } from "../../driver/timing.ts";
import type { Peer } from "./peer.ts";
import { stopServers } from "./process.ts";

const CLOSE_MS = 15_000;
const SIGNALED = 128;
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/** An engine of any kind, opened. */
interface Opened extends About {
  close(): Promise<void>;
}

/** How it is measured. */
export interface How<S> {
  readonly quick: boolean;
  /** The workloads for engines of its kind. */
  readonly measure: (
    subject: S,
    options: { readonly effort: Effort; readonly onMeasurement: (measurement: Measurement<string>) => void },
  ) => Promise<Measurement<string>[]>;
}

/** Opens, measures and closes the engine. Throws when it cannot be opened or closed; a signal ends the process. */
export async function measurePeer<S extends Opened>(
  peer: Peer<S>,
  how: How<S>,
): Promise<Measurement<string>[]> {
  const folder = benchFolder();
  if (folder.inMemory)
    process.stderr.write(`${folder.path} is in memory: an fsync costs nothing there. Set BENCH_DIR.\n`);
  const signal = nextSignal();
  try {
    const outcome = await Promise.race([openAndMeasure(peer, folder.path, how), signal]);
    if (Array.isArray(outcome)) return outcome;
    process.exitCode = SIGNALED + outcome;
  } finally {
    await stopServers();
    folder.remove();
  }
  return process.exit();
}

async function openAndMeasure<S extends Opened>(
  peer: Peer<S>,
  folder: string,
  { quick, measure }: How<S>,
): Promise<Measurement<string>[]> {
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

function report({ subject, workload, value, unit, min, max, runs, note }: Measurement<string>): void {
  const figure = value === null ? "" : ` ${value} ${unit} (${min} to ${max}, ${runs} figures)`;
  process.stderr.write(`${subject}, ${workload}:${figure}${note && ` ${note}`}\n`);
}
