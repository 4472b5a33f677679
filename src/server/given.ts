/**
 * What a request brings, checked: nothing that is wrong reaches the engine or a history.
 *
 * Invariant: a payload that is handed on was decoded and written anew here, so that it is one, within its limits, and can be read back.
 */
import type { BackendStart } from "../client/backend.ts";
import { DarumaError } from "../core/errors.ts";
import type { Message } from "../core/messages.ts";
import { checkName } from "../core/names.ts";
import { decodePayload, encodePayload } from "../core/payload.ts";
import type { Payload } from "../core/payload.ts";
import type { Body } from "./body.ts";

/** The body and the query of a request. All methods throw DarumaErrors that name the field. */
export class Given {
  readonly #body: Body;
  readonly #query: URLSearchParams;
  readonly #payloadBytes: number;

  constructor(body: Body, query: URLSearchParams, payloadBytes: number) {
    this.#body = body;
    this.#query = query;
    this.#payloadBytes = payloadBytes;
  }

  // --- the body ---

  /** A field that names something. */
  name(field: string): string {
    return checkName(field, this.#body[field]);
  }

  /** The field `id`: what a run is to be called. */
  runId(): string {
    return checkName("run id", this.#body["id"]);
  }

  /** A field that holds the number of an event, if it is there. */
  eventNumber(field: string): number | undefined {
    const value = this.#body[field];
    if (value === undefined || (isTime(value) && value >= 1)) return value;
    throw wrong(field, "a whole number of 1 or more", value);
  }

  /** A field that holds a payload, if it is there. */
  payload(field: string): Payload | undefined {
    return this.#payload(this.#body[field], field);
  }

  /** The body as a start. */
  start(): BackendStart {
    const { timeoutMs, checked } = this.#body;
    if (timeoutMs !== undefined && !isTime(timeoutMs)) throw wrong("timeoutMs", "milliseconds", timeoutMs);
    return {
      workflow: this.name("workflow"),
      id: this.runId(),
      input: this.payload("input"),
      operation: this.name("operation"),
      timeoutMs,
      checked: checked === true,
    };
  }

  /** The field `message`. Answers of activities and children are the engine's own and cannot be sent. */
  message(): Message {
    const message = this.#body["message"];
    const fields = typeof message === "object" && message !== null ? (message as Body) : {};
    switch (fields["type"]) {
      case "signal": {
        const name = checkName("signal", fields["name"]);
        return { type: "signal", name, payload: this.#payload(fields["payload"], "payload") };
      }
      case "cancel":
      case "pause":
      case "terminate":
        return { type: fields["type"], reason: text("reason", fields["reason"]) };
      case "resume":
        return { type: "resume" };
      default:
        throw wrong("message.type", "signal, cancel, pause, resume or terminate", fields["type"]);
    }
  }

  #payload(value: unknown, field: string): Payload | undefined {
    const payload = text(field, value);
    if (payload === undefined) return undefined;
    return encodePayload(decodePayload(payload), {
      maxBytes: this.#payloadBytes,
      subject: `the field ${field}`,
    });
  }

  // --- the query ---

  parameter(name: string): string | undefined {
    return this.#query.get(name) ?? undefined;
  }

  number(name: string): number | undefined {
    const found = this.parameter(name);
    if (found === undefined) return undefined;
    const value = Number(found);
    if (Number.isSafeInteger(value) && value >= 1) return value;
    throw wrong(name, "a whole number of 1 or more", found);
  }

  flag(name: string): boolean | undefined {
    const found = this.oneOf(name, ["true", "false"]);
    return found === undefined ? undefined : found === "true";
  }

  oneOf(name: string, allowed: readonly string[]): string | undefined {
    const found = this.parameter(name);
    if (found === undefined || allowed.includes(found)) return found;
    throw wrong(name, `one of ${allowed.join(", ")}`, found);
  }
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function text(field: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw wrong(field, "a text", value);
}

function wrong(field: string, expected: string, value: unknown): DarumaError {
  const found = typeof value === "string" ? value.slice(0, 100) : `a value of type ${typeof value}`;
  return new DarumaError("DRM-INVALID-OPTION", {
    message: `The field "${field}" of the request has a value that is not allowed.`,
    subject: field,
    expected,
    found,
  });
}
