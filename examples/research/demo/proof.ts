/** What the demo claims at its end, each with the facts that show it. */
import type { LedgerEntry } from "../ledger.ts";

/** What was seen. */
export interface Evidence {
  /** Ids of all topics. */
  topics: string[];
  /** Topics whose searches had finished, as the run's history said before the kill. */
  finishedBefore: string[];
  /** How the first process ended. */
  endedBy: string;
  firstPid: number;
  secondPid: number;
  ledger: LedgerEntry[];
  /** Topics whose searches failed for good: in the interrupted run, and in the one without a crash. */
  failed: { crashed: string[]; straight: string[] };
  /** The two reports. */
  reports: { crashed: Uint8Array; straight: Uint8Array };
}

/** One claim. */
export interface Claim {
  text: string;
  holds: boolean;
}

/** All claims of the demo. */
export function prove(evidence: Evidence): Claim[] {
  const { topics, finishedBefore, ledger, firstPid, secondPid, failed } = evidence;
  const by = (pid: number): LedgerEntry[] => ledger.filter((entry) => entry.pid === pid);
  const repeated = finishedBefore.filter((topic) => by(secondPid).some((entry) => entry.topic === topic));
  const missing = topics.filter((topic) => !ledger.some((entry) => entry.topic === topic));
  const twoKeys = topics.filter((topic) => keysOf(ledger, topic).size > 1);
  const again = new Set(
    by(secondPid)
      .map((entry) => entry.topic)
      .filter((topic) => by(firstPid).some((entry) => entry.topic === topic)),
  );
  const bytes = evidence.reports.crashed.length;
  return [
    claim(`the process was killed with SIGKILL after ${finishedBefore.length} of ${topics.length} searches`, {
      holds:
        evidence.endedBy === "SIGKILL" && finishedBefore.length > 0 && finishedBefore.length < topics.length,
    }),
    claim(`at least 15 searches were made: ${topics.length}, none left out`, {
      holds: topics.length >= 15 && missing.length === 0,
    }),
    claim(
      `attempts in the ledger: ${by(firstPid).length} by process ${firstPid} before, ${by(secondPid).length} by process ${secondPid} after the crash`,
      {
        holds:
          by(firstPid).length > 0 &&
          by(secondPid).length > 0 &&
          by(firstPid).length + by(secondPid).length === ledger.length,
      },
    ),
    claim(`finished searches that were made again: ${repeated.length}`, { holds: repeated.length === 0 }),
    claim(
      `searches that were cut off or waiting for a retry and went on with the same idempotency key: ${again.size}`,
      {
        holds: twoKeys.length === 0,
      },
    ),
    claim(`searches that failed for good and did not stop the rest: ${failed.crashed.join(", ") || "none"}`, {
      holds: failed.crashed.join() === failed.straight.join(),
    }),
    claim(`the report (${bytes} bytes) is byte for byte the one of a run without a crash`, {
      holds: bytes > 0 && Buffer.from(evidence.reports.crashed).equals(evidence.reports.straight),
    }),
  ];
}

function claim(text: string, { holds }: { holds: boolean }): Claim {
  return { text, holds };
}

function keysOf(ledger: LedgerEntry[], topic: string): Set<string> {
  return new Set(ledger.filter((entry) => entry.topic === topic).map((entry) => entry.idempotencyKey));
}
