/**
 * `nextToken`: where the next page begins. Opaque to clients; it names what it is for, so that it cannot be used elsewhere.
 */
import { invalidToken } from "./api-error.ts";
import type { Params } from "./params.ts";

/** The token for the page that begins after `place` in the list `subject`. */
export function tokenFor(subject: string, place: string | number): string {
  return Buffer.from(JSON.stringify([subject, place])).toString("base64url");
}

/** The place that the request's token names; undefined: the beginning. @throws ApiError InvalidToken */
export function placeOf<T extends string | number>(
  params: Params,
  subject: string,
  type: T extends string ? "string" : "number",
): T | undefined {
  const token = params.optional("nextToken");
  if (token === undefined) return undefined;
  const [found, place] = decode(token);
  if (found !== subject || typeof place !== type || !isPlace(place)) throw invalidToken();
  return place as T;
}

/** Numbers count something. */
function isPlace(place: unknown): boolean {
  return typeof place !== "number" || (Number.isSafeInteger(place) && place >= 0);
}

function decode(token: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    return Array.isArray(value) ? (value as unknown[]) : [];
  } catch {
    return [];
  }
}
