/** Cuts the power at many moments of a recorded life, and looks at what each cut may leave behind. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "../../src/core/random.ts";
import { faultsOf } from "./check.ts";
import { Disk } from "./disk.ts";
import { type Entry, parseLedger } from "./ledger.ts";
import { readDatabase } from "./snapshot.ts";
import type { Call } from "./strace.ts";

/** How to cut. */
export interface Cuts {
  readonly seed: string;
  readonly count: number;
  /** The name of the database file. */
  readonly database: string;
}

/** What the cuts found. */
export interface Damage {
  readonly images: number;
  /** One line for each image with something wrong. */
  readonly faulty: readonly string[];
  /** Images that the store itself refused because commits are missing. */
  readonly refused: number;
}

/** After which calls the power is cut, ascending: half of them right after somebody was told something. */
function moments(calls: readonly Call[], { count }: Cuts, random: () => number): number[] {
  const told = calls.flatMap(({ type }, at) => (type === "ledger" ? [at] : []));
  const pick = (): number => Math.floor(random() * calls.length);
  const pickTold = (): number => told[Math.floor(random() * told.length)] ?? 0;
  return Array.from({ length: count }, (_, number) => (number % 2 === 0 ? pick() : pickTold())).toSorted(
    (a, b) => a - b,
  );
}

/** What is wrong with an image, given what had been told when the power was cut. */
async function look(image: Map<string, Buffer>, name: string, ledger: readonly Entry[]): Promise<string[]> {
  // The disk is a model already; its images may as well be in memory.
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "daruma-power-"));
  try {
    for (const [file, bytes] of image) writeFileSync(join(folder, file), bytes);
    return faultsOf(await readDatabase(join(folder, name)), ledger);
  } catch (error) {
    return [
      error instanceof Error && "code" in error ? `${String(error.code)}: ${error.message}` : String(error),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Cuts the power `count` times. */
export async function cutPower(calls: readonly Call[], cuts: Cuts): Promise<Damage> {
  const random = seededRandom(cuts.seed);
  const disk = new Disk();
  const ledger: Entry[] = [];
  const faulty: string[] = [];
  let [next, refused] = [0, 0];
  for (const moment of moments(calls, cuts, random)) {
    for (const call of calls.slice(next, moment + 1)) {
      if (call.type === "ledger") ledger.push(...parseLedger(call.text));
      else disk.apply(call);
    }
    next = moment + 1;
    const [fault, ...more] = await look(disk.image(random), cuts.database, ledger);
    if (fault === undefined) continue;
    if (fault.startsWith("DRM-STORE-LOST-COMMITS")) refused += 1;
    faulty.push(
      `seed ${cuts.seed}, after call ${moment} of ${calls.length}: ${fault} (and ${more.length} more)`,
    );
  }
  return { images: cuts.count, faulty, refused };
}
