/**
 * What went wrong in the workflow code of a test: parked runs, and closed runs whose replay differs.
 *
 * Invariant: what nobody has looked at makes the end of the test fail. Looking is: a wait for that run that rejected, its description, the list.
 */
import { DarumaError } from "../core/errors.ts";
import type { TelemetryEvent } from "../telemetry/telemetry.ts";

/** One rule that workflow code broke. */
export interface Violation {
  /** `parked`: the run was set aside. `replay`: it closed, but its replay does not give the same commands. */
  readonly kind: "parked" | "replay";
  readonly runId: string;
  readonly workflow: string;
  /** A code of the catalogue: DRM-NONDETERMINISM, DRM-STRAY-AWAIT, … */
  readonly code: string;
  readonly message: string;
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  /** file:line:column of the call. */
  readonly site?: string | undefined;
}

const kinds: Readonly<Record<string, Violation["kind"]>> = {
  run_parked: "parked",
  not_deterministic: "replay",
};

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The violations of one test. */
export class Violations {
  readonly #all: Violation[] = [];
  readonly #unseen: Set<Violation> = new Set();

  /** Takes telemetry; keeps what is a violation. */
  readonly take: (event: TelemetryEvent) => void = (event) => {
    const kind = kinds[event.event];
    if (kind === undefined) return;
    const { runId = "", workflow = "", message } = event;
    const code = text(event["code"]) ?? "DRM-INTERNAL";
    const [expected, found, site] = [text(event["expected"]), text(event["found"]), text(event["site"])];
    const violation = { kind, runId, workflow, code, message, expected, found, site };
    this.#all.push(violation);
    this.#unseen.add(violation);
  };

  /** All of them; whoever reads them has looked. */
  look(): readonly Violation[] {
    this.#unseen.clear();
    return [...this.#all];
  }

  /** Somebody has looked at this run. */
  see(runId: string): void {
    for (const violation of this.#unseen) if (violation.runId === runId) this.#unseen.delete(violation);
  }

  /** @throws DarumaError DRM-TEST-FAILED if there is one that nobody has looked at */
  check(): void {
    const [first, ...more] = this.#unseen;
    this.#unseen.clear();
    if (first === undefined) return;
    const { kind, runId, message, code, expected, found } = first;
    throw new DarumaError("DRM-TEST-FAILED", {
      message: [message, ...more.map((violation) => violation.message)].join("\n"),
      subject: runId,
      expected,
      found,
      details: { kind, code, runId },
    });
  }
}
