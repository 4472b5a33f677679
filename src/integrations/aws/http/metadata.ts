/** What results of optimized integrations say of the HTTP answer: `SdkHttpMetadata` and `SdkResponseMetadata`, with AWS's spelling of the headers. */
import type { Json, JsonObject } from "../../../notations/asl/json.ts";

/** Headers in the order in which AWS lists them; each with its value. */
export type HeaderList = readonly (readonly [name: string, value: string | undefined])[];

/** @param headers Those without a value are left out. */
export function sdkMetadata(status: number, requestId: string, headers: HeaderList): JsonObject {
  const present = headers.filter((one): one is readonly [string, string] => one[1] !== undefined);
  const sorted = present.toSorted(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(present.map(([name, value]): [string, Json] => [name, [value]])),
      HttpHeaders: Object.fromEntries(sorted),
      HttpStatusCode: status,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}

/** `x-amzn-requestid` → `x-amzn-RequestId`: as services send them; HTTP clients show names in lower case. */
export function headerName(lower: string): string {
  if (lower === "x-amzn-requestid") return "x-amzn-RequestId";
  if (lower.startsWith("x-amz")) return lower;
  return lower.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}
