import { chmodSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Linux' numbers of file systems that live in memory: tmpfs and ramfs (linux/magic.h). */
const IN_MEMORY = new Set([0x01021994, 0x858458f6]);

/** A folder for one benchmark's databases. */
export interface BenchFolder {
  readonly path: string;
  /** True when the file system is in memory, where an fsync costs nothing and figures mean nothing. */
  readonly inMemory: boolean;
  remove(): void;
}

/**
 * Makes a new folder in `BENCH_DIR`, or in the system's folder for temporary files.
 * Others may pass through it but not list it: a PostgreSQL server that is started as root runs as another user.
 */
export function benchFolder(environment: NodeJS.ProcessEnv = process.env): BenchFolder {
  const path = mkdtempSync(join(resolve(environment["BENCH_DIR"] ?? tmpdir()), "daruma-bench-"));
  chmodSync(path, 0o711);
  return {
    path,
    inMemory: IN_MEMORY.has(statfsSync(path).type),
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}
