// What can be seen to be wrong when something is defined is an error there and then.
import { activity, query, signal, update, workflow } from "daruma";
import type { ActivityOptions, WorkflowOptions } from "daruma";
import { describe, expect, it } from "vitest";
import { shownSafely } from "../support/shown.ts";

const run = async (): Promise<void> => {};

describe("options of activities", () => {
  const bad: readonly [string, unknown, string][] = [
    ["a duration that is none", { startToCloseTimeout: "soon" }, "DRM-INVALID-DURATION"],
    ["a negative duration", { heartbeatTimeout: -1 }, "DRM-INVALID-DURATION"],
    ["a limit of nothing", { scheduleToCloseTimeout: "0s" }, "DRM-INVALID-OPTION"],
    ["a name that is misspelled", { startToCloseTimeOut: "1s" }, "DRM-INVALID-OPTION"],
    ["a name that every object has", { constructor: "1s" }, "DRM-INVALID-OPTION"],
    ["no attempts", { retry: { maximumAttempts: 0 } }, "DRM-INVALID-OPTION"],
    ["an unknown backoff", { retry: { backoff: { type: "cubic" } } }, "DRM-INVALID-OPTION"],
    ["jitter over 1", { retry: { backoff: { jitter: 1.5 } } }, "DRM-INVALID-OPTION"],
    ["a misspelled retry option", { retry: { maxAttempts: 3 } }, "DRM-INVALID-OPTION"],
    ["retry that is no object", { retry: 3 }, "DRM-INVALID-OPTION"],
    ["a task queue without a name", { taskQueue: "" }, "DRM-INVALID-NAME"],
    ["a task queue with an escape in its name", { taskQueue: "\u001b[31mred" }, "DRM-INVALID-NAME"],
    ["no object at all", "1s", "DRM-INVALID-OPTION"],
    ["null", null, "DRM-INVALID-OPTION"],
  ];

  it.each(bad)("%s", (_name, options, code) => {
    expect(() => activity("a", run, options as ActivityOptions)).toThrow(expect.objectContaining({ code }));
    const fine = activity("a", run);
    expect(() => fine.with(options as ActivityOptions)).toThrow(expect.objectContaining({ code }));
  });

  it("undefined is as if it were not there", () => {
    const options = { startToCloseTimeout: undefined, retry: undefined, taskQueue: undefined };
    expect(activity("a", run, options).with(options).definition.name).toBe("a");
  });

  it("what is no function is refused", () => {
    expect(() => activity("a", "run" as never)).toThrow(
      expect.objectContaining({ code: "DRM-INVALID-OPTION" }),
    );
    expect(() => workflow("w", undefined as never)).toThrow(
      expect.objectContaining({ code: "DRM-INVALID-OPTION" }),
    );
  });
});

describe("options of workflows", () => {
  const bad: readonly [string, unknown, string][] = [
    ["a time limit that is none", { timeout: "an hour" }, "DRM-INVALID-DURATION"],
    ["a time limit of nothing", { timeout: 0 }, "DRM-INVALID-OPTION"],
    ["a schema that is none", { input: { type: "string" } }, "DRM-INVALID-OPTION"],
    ["a misspelled name", { schema: {} }, "DRM-INVALID-OPTION"],
  ];

  it.each(bad)("%s", (_name, options, code) => {
    expect(() => workflow("w", run, options as WorkflowOptions<void>)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe("names", () => {
  const makers: readonly [string, (name: string) => unknown][] = [
    ["activity", (name) => activity(name, run)],
    ["workflow", (name) => workflow(name, run)],
    ["signal", (name) => signal(name)],
    ["query", (name) => query(name)],
    ["update", (name) => update(name)],
  ];
  const bad: readonly [string, string][] = [
    ["empty", ""],
    ["blank", "   "],
    ["NUL", "a\u0000b"],
    ["ANSI", "\u001b[31mred\u001b[0m"],
    ["a line break", "a\nb"],
    ["text turned around", "abc\u202Efed"],
    ["half a character", "a\uD800"],
    ["far too long", "x".repeat(257)],
  ];

  for (const [kind, make] of makers) {
    it.each(bad)(`%s is no name for a ${kind}`, (_name, text) => {
      expect(() => make(text)).toThrow(
        expect.objectContaining({
          code: "DRM-INVALID-NAME",
          message: shownSafely,
        }),
      );
    });
  }

  it("what is no text is no name", () => {
    for (const name of [undefined, null, 7, {}, Symbol("s")])
      expect(() => activity(name as never, run)).toThrow(
        expect.objectContaining({ code: "DRM-INVALID-NAME" }),
      );
  });

  it("everything else is", () => {
    for (const name of ["検索", "a b", "ärger/ü", "__proto__", "constructor", "🪆", "x".repeat(256)])
      for (const [, make] of makers)
        expect(make(name)).toBeTypeOf(make === makers[0]?.[1] ? "function" : "object");
  });
});
