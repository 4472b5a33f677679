/** Map runs of an execution: what DescribeMapRun and UpdateMapRun see and change. */
import type { JsonObject } from "../json.ts";

export interface Counts {
  pending: number;
  running: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  resultsWritten: number;
}

export class MapRun {
  readonly arn: string;
  readonly executionArn: string;
  /** `stateMachine:NAME/LABEL` */
  readonly stateMachineArn: string;
  readonly startDate: number;
  readonly redrives: number;
  /** Of the last redrive. */
  readonly redriveDate: number | undefined;
  readonly items: Counts = noCounts();
  readonly executions: Counts = noCounts();
  stopDate: number | undefined;
  status: "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED" = "RUNNING";
  maxConcurrency: number;
  toleratedFailureCount: number;
  toleratedFailurePercentage: number;
  /** Called when UpdateMapRun has changed something. */
  changed: () => void = () => {};

  constructor(options: {
    readonly arn: string;
    readonly executionArn: string;
    readonly stateMachineArn: string;
    readonly startDate: number;
    readonly redrives: number;
    readonly redriveDate: number | undefined;
    readonly maxConcurrency: number;
    readonly toleratedFailureCount: number;
    readonly toleratedFailurePercentage: number;
  }) {
    this.arn = options.arn;
    this.executionArn = options.executionArn;
    this.stateMachineArn = options.stateMachineArn;
    this.startDate = options.startDate;
    this.redrives = options.redrives;
    this.redriveDate = options.redriveDate;
    this.maxConcurrency = options.maxConcurrency;
    this.toleratedFailureCount = options.toleratedFailureCount;
    this.toleratedFailurePercentage = options.toleratedFailurePercentage;
  }

  describe(): JsonObject {
    const { arn, executionArn, stateMachineArn, startDate, stopDate, status, redriveDate } = this;
    return {
      mapRunArn: arn,
      executionArn,
      stateMachineArn,
      status,
      startDate,
      ...(stopDate === undefined ? {} : { stopDate }),
      maxConcurrency: this.maxConcurrency,
      toleratedFailureCount: this.toleratedFailureCount,
      toleratedFailurePercentage: this.toleratedFailurePercentage,
      itemCounts: shown(this.items),
      executionCounts: shown(this.executions),
      ...(redriveDate === undefined ? {} : { redriveCount: this.redrives, redriveDate }),
    };
  }

  /** What runs is aborted, because the map run has ended. */
  abort(): void {
    for (const counts of [this.items, this.executions]) {
      counts.aborted += counts.running;
      counts.running = 0;
    }
  }
}

function noCounts(): Counts {
  return { pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0, resultsWritten: 0 };
}

function shown(counts: Counts): JsonObject {
  const { pending, running, succeeded, failed, timedOut, aborted } = counts;
  return { ...counts, total: pending + running + succeeded + failed + timedOut + aborted };
}

export class MapRuns {
  readonly all: MapRun[] = [];

  find(arn: string): MapRun | undefined {
    return this.all.find((run) => run.arn === arn);
  }
}
