// One error of each class, and of each code that a class can have.
import * as errors from "../../src/core/errors.ts";

const cause = new RangeError("why");
const runId = "r-1";
const attempts = [{ attempt: 1, time: 5, error: new TypeError("first") }];
const payloadCodes = [
  "DRM-PAYLOAD-UNSUPPORTED",
  "DRM-PAYLOAD-TOO-LARGE",
  "DRM-PAYLOAD-TOO-DEEP",
  "DRM-PAYLOAD-CORRUPT",
] as const;

export const samples: readonly errors.DarumaError[] = [
  new errors.DarumaError("DRM-STORE-BUSY", {
    message: "busy",
    subject: "s",
    expected: "e",
    found: "f",
    fix: "do",
    cause,
  }),
  new errors.ActivityError({ activity: "search", attempts, cause, details: { n: 1n } }),
  new errors.ActivityError({ activity: "search", code: "DRM-ACTIVITY-LOST" }),
  new errors.TimeoutError({
    timeout: "heartbeat",
    timeoutMs: 5,
    subject: "search",
    activity: "search",
    attempts,
  }),
  new errors.CanceledError({ reason: "enough", activity: "search", attempts }),
  new errors.ChildError({ runId, workflow: "w", cause }),
  new errors.NoQuorumError({ errors: [cause, new TypeError("x")], needed: 3, total: 4 }),
  new errors.RunFailedError({ runId, workflow: "w", cause }),
  new errors.RunCanceledError({ runId, reason: "why not" }),
  new errors.RunTimedOutError({ runId }),
  new errors.RunTerminatedError({ runId, reason: "now" }),
  new errors.DuplicateRunError({ runId, status: "running" }),
  new errors.RunNotFoundError({ runId }),
  new errors.RunClosedError({ runId, status: "completed" }),
  new errors.UnknownWorkflowError({ workflow: "w", known: ["a", "b"] }),
  new errors.InvalidInputError({ subject: "w", issues: [{ path: "$.a", message: "no" }] }),
  ...payloadCodes.map((code) => new errors.PayloadError({ code, path: "$.a" })),
  new errors.UpdateRejectedError({ update: "u", runId, cause }),
  new errors.NonDeterminismError({ expected: "a", found: "b", site: "w.ts:1:2" }),
  new errors.StrayAwaitError({ site: "w.ts:1:2" }),
  new errors.ForbiddenCallError({ call: "fetch", site: "w.ts:1:2" }),
];
