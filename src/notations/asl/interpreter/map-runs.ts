/** Map runs of an execution: what DescribeMapRun and UpdateMapRun see and change, and what a redrive asks for. */
import type { ChildRecord, ChildrenPage } from "../execution.ts";
import type { JsonObject } from "../json.ts";
import { textOf } from "../json.ts";
import { Tally } from "./maps/tally.ts";
import type { MapRunPosition } from "./position.ts";

/** What a map run is made with. */
export interface MapRunOptions {
  readonly place: MapRunPosition;
  readonly executionArn: string;
  /** Of the last redrive. */
  readonly redriveDate: number | undefined;
  /** The run that a redrive goes on from. */
  readonly before: string | undefined;
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
}

export class MapRun {
  readonly place: MapRunPosition;
  readonly executionArn: string;
  readonly redriveDate: number | undefined;
  readonly items: Tally;
  readonly executions: Tally;
  /** What there is to know of its children by their place, for a redrive. */
  readonly children: ChildRecord[] = [];
  readonly #before: string | undefined;
  stopDate: number | undefined;
  status: "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED" = "RUNNING";
  maxConcurrency: number;
  toleratedFailureCount: number;
  toleratedFailurePercentage: number;
  /** Called when UpdateMapRun has changed something. */
  changed: () => void = () => {};

  constructor({ place, executionArn, redriveDate, before, ...settings }: MapRunOptions) {
    this.place = place;
    this.executionArn = executionArn;
    this.redriveDate = redriveDate;
    this.#before = before;
    this.items = new Tally(place.counts?.items);
    this.executions = new Tally(place.counts?.executions);
    this.maxConcurrency = settings.maxConcurrency;
    this.toleratedFailureCount = settings.toleratedFailureCount;
    this.toleratedFailurePercentage = settings.toleratedFailurePercentage;
  }

  get arn(): string {
    return this.place.arn;
  }

  /** `stateMachine:NAME/LABEL` */
  get stateMachineArn(): string {
    return this.place.stateMachineArn;
  }

  get counts(): NonNullable<MapRunPosition["counts"]> {
    return { items: this.items.carried(), executions: this.executions.carried() };
  }

  /** `closedAt`: when the run was closed, if it is. A map run that its run did not end itself was aborted then. */
  describe(closedAt?: number): JsonObject {
    const { redriveDate, status, stopDate = closedAt } = this;
    const aborted = status === "RUNNING" && closedAt !== undefined;
    const counts = { closed: aborted, redriven: redriveDate !== undefined };
    return {
      mapRunArn: this.arn,
      executionArn: this.executionArn,
      stateMachineArn: this.stateMachineArn,
      status: aborted ? "ABORTED" : status,
      startDate: this.place.startDate,
      ...(stopDate === undefined ? {} : { stopDate }),
      maxConcurrency: this.maxConcurrency,
      toleratedFailureCount: this.toleratedFailureCount,
      toleratedFailurePercentage: this.toleratedFailurePercentage,
      itemCounts: this.items.describe(counts),
      executionCounts: this.executions.describe(counts),
      ...(redriveDate === undefined ? {} : { redriveCount: this.place.redrives, redriveDate }),
    };
  }

  /** It is over. */
  end(status: "SUCCEEDED" | "FAILED" | "ABORTED", stopDate: number): void {
    this.status = status;
    this.stopDate = stopDate;
    this.items.close();
    this.executions.close();
  }

  /** A page of its children, from this place on. */
  page(from: number): ChildrenPage {
    const children: (ChildRecord | null)[] = [];
    const end = Math.min(this.children.length, from + pageLength);
    let size = 0;
    for (let index = from; index < end && size < pageSize; index++) {
      const child = this.children[index];
      size += child?.output === undefined ? 0 : textOf(child.output).length;
      children.push(child ?? null);
    }
    return { children, before: this.#before };
  }
}

/** Children on a page at most, and characters of their outputs after which it ends. */
const pageLength = 500;
const pageSize = 200_000;

export class MapRuns {
  readonly all: MapRun[] = [];

  find(arn: string): MapRun | undefined {
    return this.all.find((run) => run.arn === arn);
  }
}
