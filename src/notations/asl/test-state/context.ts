/** The context object of a test: made up, with the parts that the request gives in their place. */
import type { Json, JsonObject } from "../json.ts";
import { isObject } from "../json.ts";
import { readJson } from "./json-text.ts";
import { invalid } from "./refusal.ts";

type Kind = "any" | "number" | "string";

/** What a mocked context object may have (Developer Guide, "Accessing execution data from the Context object"). */
const allowed: { readonly [part: string]: { readonly [field: string]: Kind } } = {
  Execution: {
    Id: "string",
    Input: "any",
    Name: "string",
    RedriveCount: "number",
    RedriveTime: "string",
    RoleArn: "string",
    StartTime: "string",
  },
  State: { EnteredTime: "string", Name: "string", RetryCount: "number" },
  StateMachine: { Id: "string", Name: "string" },
  Task: { Token: "string" },
};

/** Parts of `given` (JSON text) win over the fields of `own`. @throws TestStateError ValidationException */
export function contextOf(own: JsonObject, given: string | undefined): JsonObject {
  if (given === undefined) return own;
  const context = read(given);
  const parts = Object.entries(context).map(([part, fields]): [string, Json] => {
    checkPart(part, fields);
    const before = own[part];
    return [part, { ...(isObject(before) ? before : {}), ...(fields as JsonObject) }];
  });
  return { ...own, ...Object.fromEntries(parts) };
}

function read(text: string): JsonObject {
  const given = readJson(text);
  if ("problem" in given) throw wrong("Context object must be valid JSON");
  if (!isObject(given.value)) throw wrong("Context object must be a JSON object");
  return given.value;
}

function checkPart(part: string, fields: Json): void {
  if (part === "Map") throw wrong("'Map' field is not supported when mocking a Context object");
  const known = Object.hasOwn(allowed, part) ? allowed[part] : undefined;
  if (known === undefined) throw wrong(`Field '${part}' is not allowed`);
  if (!isObject(fields)) throw wrong(`Field '${part}' must be an object`);
  for (const [field, value] of Object.entries(fields)) {
    const kind = Object.hasOwn(known, field) ? known[field] : undefined;
    if (kind === undefined) throw wrong(`Field '${field}' is not allowed`);
    if (kind !== "any" && typeof value !== kind) throw wrong(`Field '${field}' must be a ${kind}`);
  }
}

function wrong(why: string): Error {
  return invalid(`Invalid Context object provided: ${why}`);
}
