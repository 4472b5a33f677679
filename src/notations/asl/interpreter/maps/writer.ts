/**
 * ResultWriter: the results of a map run as objects in S3 or files in a folder, with a manifest (AWS, "ResultWriter").
 *
 * Invariant: the manifest is written last, so that whoever sees it sees whole results.
 */
import type { Json, JsonObject } from "../../json.ts";
import { isObject, textOf } from "../../json.ts";
import type { MapState, ResultWriter } from "../../model.ts";
import { StatesError } from "../../states-error.ts";
import type { MapRun } from "../map-runs.ts";
import type { StateRun } from "../state-run.ts";
import { taskCall } from "../tasks/call.ts";
import type { Ended } from "./children.ts";

interface WriterOptions {
  readonly mapRun: MapRun;
  readonly input: Json;
}

/** Without a bucket the results only are shaped, and are the state's output. */
export async function resultWriter(
  run: StateRun<MapState>,
  writer: ResultWriter,
  { mapRun, input }: WriterOptions,
): Promise<Writer> {
  const { Parameters = {}, Arguments = {} } = writer;
  const parameters = run.isJsonata
    ? await run.evaluate(Arguments, "ResultWriter/Arguments")
    : run.fill(Parameters, "Parameters", input);
  return new Writer(run, { writer, mapRun, parameters: isObject(parameters) ? parameters : {} });
}

type Kind = "SUCCEEDED" | "FAILED" | "PENDING";

export class Writer {
  readonly #run: StateRun<MapState>;
  readonly #options: {
    readonly writer: ResultWriter;
    readonly mapRun: MapRun;
    readonly parameters: JsonObject;
  };
  /** With the places of their children: files and output are in the order of the items. */
  readonly #results: Record<Kind, { readonly index: number; readonly value: Json }[]> = {
    SUCCEEDED: [],
    FAILED: [],
    PENDING: [],
  };

  constructor(
    run: StateRun<MapState>,
    options: { readonly writer: ResultWriter; readonly mapRun: MapRun; readonly parameters: JsonObject },
  ) {
    this.#run = run;
    this.#options = options;
  }

  add(child: Ended): void {
    const { Transformation = "NONE" } = this.#options.writer.WriterConfig ?? {};
    const ok = child.ending.status === "SUCCEEDED";
    const kind = ok ? "SUCCEEDED" : child.ending.status === "ABORTED" ? "PENDING" : "FAILED";
    const put = (value: Json): void => void this.#results[kind].push({ index: child.index, value });
    if (Transformation === "NONE" || !ok) return put(recordOf(child, this.#options.mapRun));
    const output = JSON.parse(child.ending.status === "SUCCEEDED" ? child.ending.output : "null") as Json;
    for (const value of Transformation === "FLATTEN" && Array.isArray(output) ? output : [output]) put(value);
  }

  #sorted(kind: Kind): Json[] {
    return this.#results[kind].toSorted((a, b) => a.index - b.index).map(({ value }) => value);
  }

  /** The state's output. @throws StatesError States.ResultWriterFailed */
  async finish(): Promise<Json> {
    const { writer, mapRun, parameters } = this.#options;
    if (writer.Resource === undefined) return this.#sorted("SUCCEEDED");
    const { Bucket: bucket, Prefix: prefix = "" } = parameters;
    if (typeof bucket !== "string" || typeof prefix !== "string")
      throw new StatesError("States.ResultWriterFailed", { cause: "ResultWriter needs a Bucket." });
    const folder = `${prefix === "" ? "" : `${prefix.replace(/\/$/, "")}/`}${mapRun.arn.split(":").at(-1)}`;
    const files: Record<string, Json> = {};
    for (const kind of ["SUCCEEDED", "FAILED", "PENDING"] as const)
      files[kind] = await this.#write(kind, bucket, folder);
    const manifest = { DestinationBucket: bucket, MapRunArn: mapRun.arn, ResultFiles: files };
    await this.#put({ bucket, key: `${folder}/manifest.json`, body: textOf(manifest) });
    return { MapRunArn: mapRun.arn, ResultWriterDetails: { Bucket: bucket, Key: `${folder}/manifest.json` } };
  }

  async #write(kind: Kind, bucket: string, folder: string): Promise<Json> {
    const results = this.#sorted(kind);
    if (results.length === 0) return [];
    const { OutputType = "JSON" } = this.#options.writer.WriterConfig ?? {};
    const lines = OutputType === "JSONL";
    const key = `${folder}/${kind}_0.${lines ? "jsonl" : "json"}`;
    const body = lines ? results.map((result) => `${textOf(result)}\n`).join("") : textOf(results);
    await this.#put({ bucket, key, body });
    return [{ Key: key, Size: new TextEncoder().encode(body).length }];
  }

  async #put({
    bucket,
    key,
    body,
  }: {
    readonly bucket: string;
    readonly key: string;
    readonly body: string;
  }): Promise<void> {
    const { world } = this.#run.execution;
    const { context } = taskCall(this.#run, "", null);
    await world.write({ bucket, key, body, contentType: "application/json", context });
  }
}

/** A child execution as the result files describe it. */
function recordOf({ arn, name, input, startDate, stopDate, ending }: Ended, mapRun: MapRun): Json {
  const end =
    ending.status === "SUCCEEDED"
      ? { Output: ending.output, OutputDetails: { Included: true } }
      : { Error: ending.error ?? "", Cause: ending.cause ?? "" };
  return {
    ExecutionArn: arn,
    Input: input,
    InputDetails: { Included: true },
    Name: name,
    ...end,
    RedriveCount: 0,
    RedriveStatus: ending.status === "SUCCEEDED" ? "NOT_REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN",
    StartDate: new Date(startDate).toISOString(),
    StateMachineArn: mapRun.stateMachineArn,
    Status: ending.status,
    StopDate: new Date(stopDate).toISOString(),
  };
}
