import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createNotifier } from "../../../examples/task-generation/notify.ts";
import { publish } from "../../../examples/task-generation/handlers/publish.ts";
import { temporaryFolder, testApplication } from "./app.ts";

interface Seen {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

async function startServer(
  status: number,
  answer: string,
): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    incoming.on("end", () => {
      seen.push({ headers: incoming.headers, body });
      outgoing.writeHead(status, { "content-type": "text/xml" });
      outgoing.end(answer);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, seen };
}

const notification = { subject: "Task generation failed", message: "Goal g: 0 of 8 actions have tasks." };
const topicArn = "arn:aws:sns:eu-central-1:123456789012:Topic";
const delivery = { idempotencyKey: "key" };

function unused(): string {
  return path.join(temporaryFolder(), "notifications.jsonl");
}

describe("notifications", () => {
  it("go to a file where nothing else is configured", async () => {
    const file = unused();
    expect(await createNotifier({ file })(notification, delivery)).toEqual(["file"]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject(notification);
  });

  it("go to a webhook, with a key that tells a repeat", async () => {
    const { url, seen } = await startServer(204, "");
    expect(await createNotifier({ file: unused(), webhook: url })(notification, delivery)).toEqual([
      "webhook",
    ]);
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual(notification);
    expect(seen[0]?.headers).toMatchObject({ "idempotency-key": "key", "content-type": "application/json" });
  });

  it.each([
    [500, "TransientError"],
    [429, "TransientError"],
    [403, "PermissionError"],
    [404, "ValidationError"],
  ])("fail when the webhook answers %i: %s", async (status, name) => {
    const { url } = await startServer(status, "");
    const notify = createNotifier({ file: unused(), webhook: url });
    await expect(notify(notification, delivery)).rejects.toMatchObject({ name });
  });

  it("fail when the webhook cannot be reached", async () => {
    const notify = createNotifier({ file: unused(), webhook: "http://127.0.0.1:1/" });
    await expect(notify(notification, delivery)).rejects.toMatchObject({ name: "TransientError" });
  });

  it("go to SNS by its own protocol, to the topic that is configured", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDTEST");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    onTestFinished(() => void vi.unstubAllEnvs());
    const answer = `<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`;
    const { url, seen } = await startServer(200, answer);
    const notify = createNotifier({ file: unused(), topicArn, snsEndpoint: url });
    const named = { ...notification, topicArn: "arn:aws:sns:us-east-1:123456789012:Other" };
    expect(await notify(named, delivery)).toEqual(["sns"]);
    const form = new URLSearchParams(seen[0]?.body);
    expect(Object.fromEntries(form)).toMatchObject({
      Action: "Publish",
      TopicArn: topicArn,
      Subject: notification.subject,
      Message: notification.message,
    });
    const failing = await startServer(
      503,
      "<ErrorResponse><Error><Code>ServiceUnavailable</Code></Error></ErrorResponse>",
    );
    const broken = createNotifier({ file: unused(), topicArn, snsEndpoint: failing.url });
    await expect(broken(notification, delivery)).rejects.toMatchObject({ name: "TransientError" });
  });

  it("are what the state machine's sns:publish does here", async () => {
    const app = await testApplication();
    const text = (StringValue: string): object => ({ DataType: "String", StringValue });
    const input = {
      TopicArn: topicArn,
      Subject: "Task generation failed",
      Message: "m",
      MessageAttributes: { goalId: text("g"), userId: text("u") },
    };
    const answer = await publish(app, input, { idempotencyKey: "key", executionArn: "arn" });
    expect(answer).toEqual({ MessageId: "key" });
    expect(app.sent).toEqual([{ subject: "Task generation failed", message: "m", topicArn }]);
    expect(app.lines).toMatchObject([
      {
        event: "notification_sent",
        executionArn: "arn",
        goalId: "g",
        userId: "u",
        details: { ways: ["file"] },
      },
    ]);
    await expect(publish(app, { TopicArn: topicArn }, {})).rejects.toMatchObject({ name: "ValidationError" });
  });
});
