/**
 * Notifications: to a webhook and to an SNS topic if they are configured, else to a file. What cannot be delivered is an error, which the state machine
 * tries again; the webhook gets the call's idempotency key, so that it can know a repeat.
 */
import { appendFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { PermissionError, TransientError, ValidationError } from "./errors.ts";
import type { NotificationSettings } from "./settings.ts";

export interface Notification {
  /** At most 100 characters, as SNS has it. */
  readonly subject: string;
  readonly message: string;
  /** The topic that the state machine names; the configured one goes before it. */
  readonly topicArn?: string | undefined;
}

interface Delivery {
  readonly idempotencyKey: string;
  readonly signal?: AbortSignal | undefined;
}

/** Delivers and says by which ways. @throws TransientError, PermissionError, ValidationError */
export type Notifier = (
  notification: Notification,
  delivery: Delivery,
) => Promise<readonly ("webhook" | "sns" | "file")[]>;

export function createNotifier(settings: NotificationSettings): Notifier {
  const { webhook, topicArn, snsEndpoint, file } = settings;
  return async (notification, delivery) => {
    const ways: ("webhook" | "sns" | "file")[] = [];
    if (webhook !== undefined) {
      await post(webhook, notification, delivery);
      ways.push("webhook");
    }
    if (topicArn !== undefined) {
      await publish({ ...notification, topicArn }, { ...delivery, endpoint: snsEndpoint });
      ways.push("sns");
    }
    if (ways.length > 0) return ways;
    await append(file, notification);
    return ["file"];
  };
}

async function post(
  url: string,
  { subject, message }: Notification,
  { idempotencyKey, signal = AbortSignal.timeout(30_000) }: Delivery,
): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
    body: JSON.stringify({ subject, message }),
    signal,
  }).catch((cause: unknown) => {
    throw new TransientError("The webhook could not be reached", { cause });
  });
  await response.body?.cancel();
  if (!response.ok) throw refused("webhook", response.status);
}

async function publish(
  { subject, message, topicArn }: Notification,
  options: { readonly endpoint: string | undefined; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const { SNSClient, PublishCommand } = await import("@aws-sdk/client-sns").catch((cause: unknown) => {
    throw new ValidationError(
      "A topic is configured, but the package is missing: npm install @aws-sdk/client-sns",
      {
        cause,
      },
    );
  });
  const { endpoint, signal } = options;
  const region = topicArn?.split(":")[3] ?? "";
  const client = new SNSClient({ region, maxAttempts: 1, ...(endpoint === undefined ? {} : { endpoint }) });
  const command = new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: message });
  try {
    await client.send(command, signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    const { $metadata } = Object(error) as { $metadata?: { httpStatusCode?: number } };
    throw refused("topic", $metadata?.httpStatusCode, error);
  } finally {
    client.destroy();
  }
}

/** A line of JSON. */
async function append(file: string, { subject, message }: Notification): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await appendFile(file, `${JSON.stringify({ timestamp: new Date().toISOString(), subject, message })}\n`);
}

function refused(what: string, status: number | undefined, cause?: unknown): Error {
  const text = `The ${what} did not take the notification${status === undefined ? "" : ` (HTTP ${status})`}`;
  if (status === 401 || status === 403) return new PermissionError(text, { cause });
  const final = status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
  return final ? new ValidationError(text, { cause }) : new TransientError(text, { cause });
}
