// The errors themselves: complete messages, safe text, names that no minifier changes.
import { describe, expect, it } from "vitest";
import * as errors from "../../src/core/errors.ts";
import { samples } from "./error-samples.ts";

type ErrorClass = new (...parts: never) => Error;

const { ChildError, DarumaError, InvalidInputError, NoQuorumError, UnknownWorkflowError } = errors;

describe("a message", () => {
  it("says what happened, what was expected, what came, what to do, and the code", () => {
    const error = new DarumaError("DRM-INVALID-OPTION", {
      message: "No.",
      expected: "1",
      found: "2",
      fix: "Add 1.",
    });
    expect(error.message).toBe("No.\n  expected: 1\n  found: 2\n  fix: Add 1. (DRM-INVALID-OPTION)");
    expect(error).toMatchObject({ code: "DRM-INVALID-OPTION", expected: "1", found: "2", fix: "Add 1." });
  });

  it("has the catalogue's advice where there is none of its own", () => {
    const { fix } = errors.catalogue["DRM-CLOSED"];
    const error = new DarumaError("DRM-CLOSED", { message: "Closed." });
    expect(error.message).toBe(`Closed.\n  fix: ${fix} (DRM-CLOSED)`);
    expect(Object.entries(error)).toEqual([
      ["code", "DRM-CLOSED"],
      ["fix", fix],
    ]);
  });

  it("escapes control characters of users, and keeps lines", () => {
    const name = "a\u0000b\u001b[31mc\u009bd\u202ee\ud800";
    const { message } = new UnknownWorkflowError({ workflow: name, known: ["x\u0007"] });
    expect(message.split("\n")[0]).toBe(
      String.raw`There is no workflow "a\x00b\x1b[31mc\x9bd\u202ee\ud800".`,
    );
    expect(message).toContain(String.raw`expected: one of "x\x07"`);
    const cause = new Error("two\nlines \u001b[2J");
    expect(new ChildError({ runId: "r", workflow: "w", cause }).message).toContain("two\nlines \\x1b[2J");
  });

  it("lists what is wrong with an input, up to ten things", () => {
    const issues = Array.from({ length: 12 }, (_, index) => ({ path: `$.a${index}`, message: "required" }));
    const error = new InvalidInputError({ subject: "research", issues });
    expect(error.message).toContain('The value for "research" does not fit its schema.');
    expect(error.message).toContain("$.a9: required; and 2 more");
    expect(error.issues).toEqual(issues);
  });

  it("of a failed run or child includes the reason", () => {
    const cause = new RangeError("too far");
    expect(new errors.RunFailedError({ runId: "r-1", cause }).message).toContain(
      '"r-1" failed: RangeError: too far',
    );
    expect(new ChildError({ runId: "r-1", workflow: "w", cause }).message).toContain(": RangeError: too far");
    expect(new errors.RunTerminatedError({ runId: "r-1", reason: "now" }).message).toContain(
      "was terminated: now",
    );
    expect(new errors.CanceledError({ reason: "enough" }).message).toContain("Canceled: enough");
  });
});

describe("a class", () => {
  const classes = Object.entries<unknown>(errors).filter((entry): entry is [string, ErrorClass] => {
    return typeof entry[1] === "function" && entry[1].prototype instanceof Error;
  });

  it("is there for each case that users catch, and each has a sample", () => {
    const names = classes.map(([name]) => name).filter((name) => name !== "ApplicationError");
    expect([...new Set(samples.map(({ name }) => name))].toSorted()).toEqual(names.toSorted());
  });

  it.each(classes)("%s has its own name on its prototype, as a text", (name, type) => {
    expect(Object.getOwnPropertyDescriptor(type.prototype, "name")).toMatchObject({
      value: name,
      enumerable: false,
    });
  });

  it("shows in the stack", () => {
    expect(new errors.TimeoutError({ timeout: "run" }).stack).toMatch(
      /^TimeoutError: The run time-out was reached\./u,
    );
  });

  it("takes another message", () => {
    const error = new errors.RunNotFoundError({ runId: "r-1", message: "Gone." });
    expect(error.message).toMatch(/^Gone\.\n/u);
    expect(error.subject).toBe("r-1");
  });
});

describe("toJSON", () => {
  it("has all fields and the cause, without the stack", () => {
    const cause = new TypeError("why", { cause: new errors.CanceledError() });
    const error = new errors.RunFailedError({ runId: "r-1", cause });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      name: "RunFailedError",
      code: "DRM-RUN-FAILED",
      runId: "r-1",
      cause: { name: "TypeError", message: "why", cause: { code: "DRM-CANCELED" } },
    });
    expect(JSON.stringify(error)).not.toContain("errors.test.ts");
  });

  it("shows the errors in lists", () => {
    const attempts = [{ attempt: 1, time: 5, error: new TypeError("first") }];
    expect(JSON.parse(JSON.stringify(new errors.ActivityError({ activity: "a", attempts })))).toMatchObject({
      attempts: [{ attempt: 1, time: 5, error: { name: "TypeError", message: "first" } }],
    });
    const quorum = new NoQuorumError({ errors: [new RangeError("x"), "y"], needed: 1, total: 2 });
    expect(JSON.parse(JSON.stringify(quorum))).toMatchObject({ errors: [{ name: "RangeError" }, "y"] });
  });

  it("never fails: circles, bigints, circles of data", () => {
    const data: { self?: unknown } = {};
    data.self = data;
    const error = new DarumaError("DRM-INTERNAL", { message: "x", details: data, cause: 5n });
    const outer = new NoQuorumError({ errors: [error], needed: 1, total: 1, cause: error });
    Object.assign(error, { back: outer });
    expect(JSON.parse(JSON.stringify(outer))).toMatchObject({
      errors: [{ details: "(a value that JSON cannot write)", cause: "(a value that JSON cannot write)" }],
      cause: { back: { name: "NoQuorumError" } },
    });
  });
});

describe("isErrorCode", () => {
  it("knows the catalogue and nothing else", () => {
    expect(errors.isErrorCode("DRM-CLOSED")).toBe(true);
    expect(["DRM-NOPE", "constructor", "__proto__", undefined, 1].filter(errors.isErrorCode)).toEqual([]);
  });
});
