import { describe, expect, it } from "vitest";
import { defaultLimits, type Limits, resolveLimits } from "../../src/core/limits.ts";

describe("resolveLimits", () => {
  it("gives the defaults", () => {
    expect(resolveLimits()).toEqual(defaultLimits);
    expect(resolveLimits()).toEqual({
      payloadBytes: 2_097_152,
      historyEventsWarn: 100_000,
      historyEvents: 1_000_000,
      pendingCommands: 200_000,
      childDepth: 64,
      nameLength: 256,
      turnMs: 2_000,
      interruptions: 10,
      signalsBuffered: 100_000,
    });
  });

  it("takes what is given and leaves the defaults as they are", () => {
    expect(resolveLimits({ turnMs: 50 })).toEqual({ ...defaultLimits, turnMs: 50 });
    expect(defaultLimits.turnMs).toBe(2_000);
    expect(resolveLimits({ turnMs: undefined } as unknown as Partial<Limits>)).toEqual(defaultLimits);
    expect(Object.isFrozen(resolveLimits({ turnMs: 50 }))).toBe(true);
  });

  it("lowers the default warning with the stop", () => {
    expect(resolveLimits({ historyEvents: 10 })).toMatchObject({ historyEventsWarn: 10, historyEvents: 10 });
  });

  it.each<[object, string]>([
    [{ payloadBytes: 0 }, "limits.payloadBytes"],
    [{ childDepth: -1 }, "limits.childDepth"],
    [{ turnMs: 1.5 }, "limits.turnMs"],
    [{ turnMs: Number.POSITIVE_INFINITY }, "limits.turnMs"],
    [{ turnMs: "2000" }, "limits.turnMs"],
    [{ turnMs: null }, "limits.turnMs"],
    [{ turnsMs: 1 }, "limits.turnsMs"],
    [JSON.parse('{"__proto__":1}') as object, "limits.__proto__"],
    [{ historyEventsWarn: 11, historyEvents: 10 }, "limits.historyEventsWarn"],
  ])("refuses %j and names the limit", (partial, subject) => {
    expect(() => resolveLimits(partial)).toThrow(
      expect.objectContaining({ code: "DRM-INVALID-OPTION", subject }),
    );
  });
});
