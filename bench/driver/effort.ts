/** How long and how often each workload is measured. All times are milliseconds of wall clock. */
export interface Effort {
  /** Workflows in flight in the throughput workloads. */
  readonly inFlight: number;
  /** Unmeasured time before the windows of a throughput workload. */
  readonly warmUpMs: number;
  /** Length of one window; runs started in it are waited for and counted. */
  readonly windowMs: number;
  readonly windows: number;
  /** Activities of the long sequence, and of the short one for a subject that would need more than `sequenceMs`. */
  readonly sequence: number;
  readonly sequenceShort: number;
  readonly sequenceMs: number;
  /** Repetitions of `sequence` and `fanOut`; fewer when `sequenceMs` or `fanOutMs` is used up, but at least one. */
  readonly repetitions: number;
  /** Runs of `latency4`; fewer when `latencyMs` is used up, but at least five. */
  readonly latencySamples: number;
  readonly latencyMs: number;
  /** Activities of the wide fan-out, and of the one for a subject that cannot do the wide one in `fanOutMs`. */
  readonly fanOut: number;
  readonly fanOutShort: number;
  readonly fanOutMs: number;
  /** A workload that takes longer than this in all is given up, and with it the workloads after it. */
  readonly workloadMs: number;
}

/** The effort behind published figures: about two minutes for each subject. */
export const fullEffort: Effort = {
  inFlight: 100,
  warmUpMs: 6_000,
  windowMs: 3_000,
  windows: 5,
  sequence: 1_000,
  sequenceShort: 100,
  sequenceMs: 20_000,
  repetitions: 5,
  latencySamples: 300,
  latencyMs: 10_000,
  fanOut: 5_000,
  fanOutShort: 1_000,
  fanOutMs: 60_000,
  workloadMs: 300_000,
};

/** A glance: the same workloads, about 25 seconds for each subject, less certain figures. */
export const quickEffort: Effort = {
  ...fullEffort,
  warmUpMs: 2_000,
  windowMs: 1_000,
  windows: 3,
  sequenceMs: 3_000,
  repetitions: 2,
  latencySamples: 50,
  latencyMs: 2_000,
};
