/** The result of `lambda:invoke`: the function's answer among what the Invoke API says of it. */
import { randomUUID } from "node:crypto";
import type { Json } from "../../../notations/asl/json.ts";
import { sdkMetadata, type HeaderList } from "../http/metadata.ts";
import type { FunctionAnswer } from "./call.ts";

export function invokeResult(answer: FunctionAnswer): Json {
  const requestId = answer.requestId ?? randomUUID();
  const { SdkHttpMetadata = null, SdkResponseMetadata = null } = sdkMetadata(
    answer.status,
    requestId,
    headersOf(answer, requestId),
  );
  return {
    ...(answer.executedVersion === undefined ? {} : { ExecutedVersion: answer.executedVersion }),
    ...(answer.logResult === undefined ? {} : { LogResult: answer.logResult }),
    Payload: answer.payload,
    SdkHttpMetadata,
    SdkResponseMetadata,
    StatusCode: answer.status,
  };
}

function headersOf(answer: FunctionAnswer, requestId: string): HeaderList {
  return [
    ["X-Amz-Log-Result", answer.logResult],
    ["X-Amz-Executed-Version", answer.executedVersion],
    ["x-amzn-Remapped-Content-Length", "0"],
    ["Connection", "keep-alive"],
    ["x-amzn-RequestId", requestId],
    ["Content-Length", String(answer.length)],
    ["Date", answer.date ?? new Date().toUTCString()],
    ["X-Amzn-Trace-Id", answer.traceId ?? traceId()],
    ["Content-Type", "application/json"],
  ];
}

/** X-Ray's form, not sampled. */
function traceId(): string {
  const random = randomUUID().replaceAll("-", "");
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${random.slice(0, 24)};Sampled=0`;
}
