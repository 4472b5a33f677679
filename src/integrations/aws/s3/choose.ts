/** Which kind of object storage a bucket is in. */
import { notProvided } from "../failure.ts";
import { hasCredentials } from "../sdk/clients.ts";
import type { World } from "../world.ts";
import { HttpObjects } from "./http.ts";
import { isLocal, LocalObjects } from "./local.ts";
import { SdkObjects } from "./sdk.ts";
import type { ObjectStore } from "./store.ts";

export async function storeOf(bucket: string, world: World): Promise<ObjectStore> {
  const { options, client, sdk } = world;
  if (isLocal(bucket)) return localStore(options.files?.root);
  const endpoint = options.s3Endpoint ?? options.endpoints?.["s3"];
  // Our own requests are not signed. Where there is something to sign with, the SDK does it, if it is there.
  if (endpoint !== undefined && !hasCredentials()) return new HttpObjects(endpoint, client);
  const loaded = await sdk.of("s3", true);
  if (loaded !== undefined) return new SdkObjects(loaded);
  if (endpoint !== undefined) return new HttpObjects(endpoint, client);
  throw notProvided(
    `Nothing answers for the bucket ${bucket}: give an S3 endpoint (s3Endpoint, --s3-endpoint URL), name a local folder (file:FOLDER), ` +
      "or install @aws-sdk/client-s3 to reach S3.",
  );
}

function localStore(root: string | undefined): ObjectStore {
  if (root !== undefined) return new LocalObjects(root);
  throw notProvided(
    "Local folders are not open to state machines: give files.root, the folder that holds them.",
  );
}
