/** Which process has a database file open, as far as the system tells: for messages to people only. */
import { readFileSync, statSync } from "node:fs";

/** The id of a process that holds a lock on the file; undefined if there is none, or the system does not say. */
export function holderOf(path: string, table?: string): number | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    const device = `${hex(major(dev))}:${hex(minor(dev))}:${ino}`;
    return (table ?? readFileSync("/proc/locks", "utf8"))
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[5] === device)
      .map((fields) => Number(fields[4]))
      .find((pid) => pid > 0 && pid !== process.pid);
  } catch {
    return undefined;
  }
}

// How Linux packs a device's two numbers into one (gnu_dev_makedev).
function major(device: bigint): bigint {
  return ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
}

function minor(device: bigint): bigint {
  return (device & 0xffn) | ((device >> 12n) & ~0xffn);
}

function hex(value: bigint): string {
  return value.toString(16).padStart(2, "0");
}
