/** URL-encoded bodies and queries of HTTP tasks (Step Functions developer guide, "Call HTTPS APIs", RequestEncodingOptions). */
import { isObject, type Json } from "../../../notations/asl/json.ts";

/** How arrays are written: `a[0]=x`, `a[]=x`, `a=x,y`, `a=x&a=y`; `NONE` leaves out what is no scalar. */
export type ArrayFormat = "BRACKETS" | "COMMAS" | "INDICES" | "NONE" | "REPEAT";

type Pair = readonly [name: string, value: string];

export function formOf(value: Json, format: ArrayFormat): string {
  const pairs = isObject(value)
    ? Object.entries(value).flatMap(([name, member]) => pairsOf(name, member, format))
    : [];
  return pairs.map(([name, text]) => `${encode(name)}=${encode(text)}`).join("&");
}

function pairsOf(name: string, value: Json, format: ArrayFormat): readonly Pair[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, member]) => pairsOf(`${name}[${key}]`, member, format));
  }
  if (!Array.isArray(value)) return [[name, scalar(value)]];
  if (format === "NONE") return [];
  if (format === "COMMAS") return [[name, value.map((one) => scalar(one as Json)).join(",")]];
  return value.flatMap((one, index) => pairsOf(arrayName(name, index, format), one as Json, format));
}

function arrayName(name: string, index: number, format: ArrayFormat): string {
  if (format === "REPEAT") return name;
  return format === "BRACKETS" ? `${name}[]` : `${name}[${index}]`;
}

function scalar(value: Json): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%20", "+");
}
