/**
 * The limits of what comes from outside, held where it comes in (B1).
 *
 * A client may have checked with limits of its own; what counts is what the engine that runs the workflow allows.
 */
import { Buffer } from "node:buffer";
import { PayloadError } from "../core/errors.ts";
import type { Limits } from "../core/limits.ts";
import type { Message } from "../core/messages.ts";
import { checkName } from "../core/names.ts";
import type { Payload } from "../core/payload.ts";

/** @throws PayloadError DRM-PAYLOAD-TOO-LARGE; DarumaError DRM-INVALID-NAME */
export function checkMessage(message: Message, limits: Limits): void {
  switch (message.type) {
    case "signal":
    case "update":
      checkName(message.type, message.name, limits);
      return checkSize(message.payload, `the payload of ${message.type} ${message.name}`, limits);
    case "pause":
    case "cancel":
    case "terminate":
      return checkSize(message.reason, `the reason of a ${message.type}`, limits);
    case "resume":
    case "forked":
    case "answer":
  }
}

/** @throws PayloadError DRM-PAYLOAD-TOO-LARGE */
export function checkSize(text: Payload | undefined, subject: string, { payloadBytes }: Limits): void {
  // A UTF-16 unit takes at most three bytes.
  if (text === undefined || text.length * 3 <= payloadBytes) return;
  const bytes = Buffer.byteLength(text);
  if (bytes <= payloadBytes) return;
  throw new PayloadError({
    code: "DRM-PAYLOAD-TOO-LARGE",
    path: "$",
    subject,
    message: `${subject} cannot be stored: it is too large.`,
    expected: `at most ${payloadBytes} bytes of JSON in UTF-8 (limits.payloadBytes)`,
    found: `${bytes} bytes`,
  });
}
