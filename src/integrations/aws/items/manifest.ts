/**
 * Manifests: an S3 inventory's `manifest.json`, which names compressed CSV files and their columns (Amazon S3 user guide, "Inventory manifest"), and what
 * Amazon Athena leaves of an UNLOAD, a list of `s3://` addresses.
 */
import { isObject, type Json, type JsonObject } from "../../../notations/asl/json.ts";
import { readAll } from "../http/request.ts";
import type { ObjectAddress, ObjectStore } from "../s3/store.ts";
import { readerFailure } from "./failure.ts";
import { formatOf, type Format } from "./file.ts";
import type { FileList } from "./files.ts";
import { parsedItem } from "./jsonl.ts";

const MAX_MANIFEST = 16 * 1024 * 1024;

export interface Manifest {
  readonly files: FileList;
  readonly format: Format;
}

export async function readManifest(
  store: ObjectStore,
  at: ObjectAddress,
  { config, signal }: { readonly config: JsonObject; readonly signal: AbortSignal },
): Promise<Manifest> {
  const { body } = await store.get(at, { signal });
  const text = (await readAll(body, MAX_MANIFEST)).toString("utf8");
  return config["ManifestType"] === "ATHENA_DATA" ? athena(text, config) : inventory(text, at.bucket);
}

function athena(text: string, config: JsonObject): Manifest {
  const addresses = text
    .split(/\r?\n/)
    .map((line) => line.trim().replaceAll('"', ""))
    .filter((line) => line !== "")
    .map((line): ObjectAddress => {
      const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(line) ?? [];
      if (bucket === undefined || key === undefined)
        throw readerFailure(`The manifest names no S3 object: ${line}`);
      return { bucket, key };
    });
  return { files: numbered(addresses), format: formatOf(config) };
}

function inventory(text: string, bucket: string): Manifest {
  const manifest = parsedItem(text);
  const { files, fileFormat, fileSchema, destinationBucket } = isObject(manifest) ? manifest : {};
  if (!Array.isArray(files) || typeof fileSchema !== "string") {
    throw readerFailure("The manifest is not that of an S3 inventory: it has no files or no fileSchema.");
  }
  if (fileFormat !== "CSV")
    throw readerFailure(`Inventories in the format ${JSON.stringify(fileFormat)} cannot be read.`);
  const holder =
    typeof destinationBucket === "string" ? destinationBucket.replace(/^arn:[^:]+:s3:::/, "") : bucket;
  const addresses = (files as readonly Json[]).map((file): ObjectAddress => {
    const key = isObject(file) ? file["key"] : undefined;
    if (typeof key !== "string") throw readerFailure("The manifest names a file without a key.");
    return { bucket: holder, key };
  });
  const headers = fileSchema.split(",").map((column) => column.trim());
  return { files: numbered(addresses), format: { ...formatOf({}), type: "CSV", headers } };
}

/** Files named by their places in the manifest. */
function numbered(addresses: readonly ObjectAddress[]): FileList {
  return {
    next(after) {
      const index = after === undefined ? 0 : Number(after) + 1;
      const at = addresses[index];
      return Promise.resolve(at === undefined ? undefined : { name: String(index), at });
    },
  };
}
