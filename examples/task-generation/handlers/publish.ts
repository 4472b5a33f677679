/** What answers the definition's `arn:aws:states:::sns:publish` where no AWS is: the notification goes where the settings say. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Application } from "../application.ts";
import type { HandlerContext } from "../types.ts";
import { read } from "./inputs.ts";

const publishInput: z.ZodType<{
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes?: { readonly [name: string]: { readonly StringValue: string } } | undefined;
}> = z.object({
  TopicArn: z.string(),
  Subject: z.string().min(1).max(100),
  Message: z.string().min(1),
  MessageAttributes: z.record(z.string(), z.object({ StringValue: z.string() })).optional(),
});

export async function publish(
  app: Application,
  given: unknown,
  context: Partial<HandlerContext>,
): Promise<{ readonly MessageId: string }> {
  const { TopicArn, Subject, Message, MessageAttributes = {} } = read(publishInput, given);
  const id = context.idempotencyKey ?? randomUUID();
  const notification = { subject: Subject, message: Message, topicArn: TopicArn };
  const ways = await app.notify(notification, { idempotencyKey: id, signal: context.signal });
  const attribute = (name: string): string => MessageAttributes[name]?.StringValue ?? "";
  const facts = {
    executionArn: context.executionArn ?? "",
    goalId: attribute("goalId"),
    userId: attribute("userId"),
  };
  app.log("INFO", "notification_sent", { facts, details: { subject: Subject, ways } });
  return { MessageId: id };
}
