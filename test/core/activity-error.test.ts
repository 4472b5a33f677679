// What workflow code catches when an activity has failed for good.
import { describe, expect, it } from "vitest";
import {
  ActivityError,
  type ActivityAttempt,
  CanceledError,
  DarumaError,
  PayloadError,
  TimeoutError,
} from "../../src/core/errors.ts";
import { activityError, toFailure } from "../../src/core/failure.ts";

class QuotaError extends Error {
  readonly code = "E_QUOTA";
  readonly status = 429;
  readonly details: { readonly left: bigint } = { left: 0n };
}

function failed(
  ...thrown: readonly [unknown, ...unknown[]]
): Error & { attempts?: readonly ActivityAttempt[] } {
  const attempts = thrown.map((each, index) => ({
    attempt: index + 1,
    time: 100 * index,
    failure: toFailure(each),
  }));
  return activityError(toFailure(thrown.at(-1)), { activity: "search", attempts });
}

describe("an activity error", () => {
  const cause = new TypeError("why");
  const last = new QuotaError("over quota", { cause });
  const error = failed(new RangeError("first"), last);

  it("is an ActivityError with the name, message, stack, cause and details of the last error", () => {
    expect(error).toBeInstanceOf(ActivityError);
    expect(error).toMatchObject({ name: "QuotaError", message: "over quota", stack: last.stack });
    expect(error).toMatchObject({ details: { left: 0n }, status: 429 });
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it("knows the activity, and its attempts as errors", () => {
    expect(error).toMatchObject({ code: "DRM-ACTIVITY-FAILED", activity: "search" });
    expect(error.attempts?.map(({ attempt, time }) => [attempt, time])).toEqual([
      [1, 0],
      [2, 100],
    ]);
    expect(error.attempts?.[0]?.error).toBeInstanceOf(RangeError);
  });

  it("has the last error itself, with its own code", () => {
    expect((error as ActivityError).lastError).toMatchObject({ name: "QuotaError", code: "E_QUOTA" });
    expect(activityError(toFailure(last), { activity: "a", attempts: [] })).toMatchObject({
      lastError: undefined,
    });
  });

  it("is a TimeoutError or CanceledError if the last error is one, with the attempts", () => {
    const late = failed(new RangeError("first"), new TimeoutError({ timeout: "start-to-close" }));
    expect(late).toBeInstanceOf(TimeoutError);
    expect(late).toMatchObject({ timeout: "start-to-close", activity: "search" });
    expect(late.attempts).toHaveLength(2);
    const canceled = failed(new CanceledError({ reason: "enough" }));
    expect(canceled).toBeInstanceOf(CanceledError);
    expect(canceled).toMatchObject({ reason: "enough", activity: "search" });
    expect(canceled.attempts).toHaveLength(1);
  });

  it("is no TimeoutError for an error of a user that has the same name", () => {
    const namesake = failed(Object.assign(new Error("x"), { name: "TimeoutError" }));
    expect(namesake).toBeInstanceOf(ActivityError);
    expect(namesake.name).toBe("TimeoutError");
  });

  it("keeps the code, advice and path of an error of Daruma", () => {
    const unfit = failed(
      new PayloadError({ code: "DRM-PAYLOAD-UNSUPPORTED", path: "$.socket", fix: "Close it." }),
    );
    expect(unfit).toBeInstanceOf(ActivityError);
    expect(unfit).toMatchObject({
      name: "PayloadError",
      code: "DRM-PAYLOAD-UNSUPPORTED",
      path: "$.socket",
      fix: "Close it.",
    });
    const lost = failed(new DarumaError("DRM-ACTIVITY-LOST", { message: "The process died 10 times." }));
    expect(lost).toMatchObject({ name: "ActivityError", code: "DRM-ACTIVITY-LOST" });
    expect(lost.message).toContain("The process died 10 times.");
  });

  it("is not misled by properties of the last error", () => {
    const sly = Object.assign(new Error("x"), { activity: "other", attempts: 7, message2: "m", fix: "mine" });
    expect(failed(sly)).toMatchObject({ activity: "search", message2: "m", attempts: [{ attempt: 1 }] });
  });

  it("takes an activity that threw undefined", () => {
    expect(failed(undefined)).toMatchObject({ name: "ThrownValue", activity: "search" });
  });
});
