/** What an engine is made with. */
import type { Limits } from "../core/limits.ts";
import type { Ports } from "../core/ports.ts";
import type { Store } from "../store/store.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";
import type { ActivityDefinition } from "../workflow/seam.ts";
import type { Watch } from "./watch.ts";

export interface EngineOptions {
  readonly store: Store;
  readonly workflows: readonly AnyWorkflow[];
  readonly ports: Ports;
  readonly limits: Limits;
  readonly telemetry: Telemetry;
  /** Slots per task queue; queues that are not named have `slots`. */
  readonly taskQueues: Readonly<Record<string, number>>;
  readonly slots: number;
  /** How many idle runs stay in memory. */
  readonly cacheSize: number;
  /** How long the session's lease lasts without renewal, milliseconds. */
  readonly leaseMs: number;
  /** How long a run is kept after it has closed, milliseconds. Default: for ever. */
  readonly retentionMs?: number | undefined;
  /** Replay each run when it has closed, and compare (development and tests). */
  readonly checkDeterminism: boolean;
  /** For people: who holds a lease. */
  readonly label: string;
  /** What is called in the place of an activity; the same answer for the same definition (tests put stubs in). Default: the activity itself. */
  readonly interceptActivity?: ((definition: ActivityDefinition) => ActivityDefinition) | undefined;
  /** What watches over turns; asked once. */
  readonly watch: () => Watch;
  /** The store is unusable: the process must stop. */
  readonly onFatal: (error: Error) => void;
}
