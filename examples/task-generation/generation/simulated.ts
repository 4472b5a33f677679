/**
 * A provider with weather, for the demo and the tests: the rules of `rule-based.ts` behind delays and errors. What it does depends on nothing but
 * the action and the number of the attempt, and it says that it is simulated wherever it is named.
 */
import { setTimeout as wait } from "node:timers/promises";
import { QuotaExceededError, TransientError } from "../errors.ts";
import { ruleBased } from "./rule-based.ts";
import type { Generator } from "./generator.ts";

export interface Weather {
  /** How long each answer takes, milliseconds. */
  readonly delayMs: number;
  /** Added once more for each action that comes before this one in its goal: by the number at the end of its id. */
  readonly stepMs?: number;
  /** Actions whose first attempt fails with an error that passes. */
  readonly failsOnce?: readonly string[];
  /** Actions that always fail with an error that passes. */
  readonly failsAlways?: readonly string[];
  /** Actions whose quota is used up: permanent. */
  readonly overQuota?: readonly string[];
}

export function simulated(weather: Weather): Generator {
  return {
    name: "rule-based, simulated weather",
    note: `${ruleBased.note} Its delays and errors are simulated.`,
    generate: async (request) => {
      const { signal, attempt, action } = request;
      await wait(delayOf(weather, action.id), undefined, signal === undefined ? {} : { signal });
      if (weather.overQuota?.includes(action.id) === true)
        throw new QuotaExceededError("The quota for this action is used up (simulated)");
      if (weather.failsAlways?.includes(action.id) === true)
        throw new TransientError("The provider never answers (simulated)");
      if (weather.failsOnce?.includes(action.id) === true && attempt === 1)
        throw new TransientError("The provider was busy (simulated)");
      return ruleBased.generate(request);
    },
  };
}

function delayOf({ delayMs, stepMs = 0 }: Weather, actionId: string): number {
  const position = Number(/\d+$/u.exec(actionId)?.[0] ?? 1);
  return delayMs + (position - 1) * stepMs;
}
