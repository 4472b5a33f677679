/**
 * Simulated weather for the demo: a search of a local index takes a millisecond and never fails, searches of the world do not behave like that.
 * It depends on nothing but a search's position and the number of the attempt, and everything that shows it calls it simulated.
 */
import { setTimeout as wait } from "node:timers/promises";
import { SimulatedWeatherError } from "./errors.ts";

/** Positions count from 1, in the order of the topics. Durations are milliseconds. */
export interface Weather {
  /** How long every search takes. */
  delayMs: number;
  /** Every n-th search is slow … */
  slowEvery: number;
  /** … and takes this long instead. */
  slowMs: number;
  /** The search that fails on its first attempt. */
  failsOnce: number;
  /** The search that fails on every attempt. */
  failsAlways: number;
}

/** The weather of `npm run demo`. */
export const DEMO_WEATHER: Weather = {
  delayMs: 180,
  slowEvery: 5,
  slowMs: 900,
  failsOnce: 4,
  failsAlways: 9,
};

/** How long this attempt takes, and how it fails if it does. */
export function forecast(
  weather: Weather,
  position: number,
  attempt: number,
): { delayMs: number; failure?: string } {
  const delayMs = position % weather.slowEvery === 0 ? weather.slowMs : weather.delayMs;
  if (position === weather.failsAlways) return { delayMs, failure: "this source never answers (simulated)" };
  if (position === weather.failsOnce && attempt === 1)
    return { delayMs, failure: "this source was busy (simulated)" };
  return { delayMs };
}

/** Lets the weather happen. `signal` ends the wait early. */
export async function endure(
  weather: Weather,
  at: { position: number; attempt: number; signal?: AbortSignal },
): Promise<void> {
  const { delayMs, failure } = forecast(weather, at.position, at.attempt);
  await wait(delayMs, undefined, at.signal === undefined ? {} : { signal: at.signal });
  if (failure !== undefined) throw new SimulatedWeatherError(failure);
}

/** The weather in one line, for people. */
export function describeWeather(weather: Weather): string {
  const { delayMs, slowEvery, slowMs, failsOnce, failsAlways } = weather;
  return `each search takes ${delayMs} ms, every ${slowEvery}th takes ${slowMs} ms, number ${failsOnce} fails once, number ${failsAlways} fails every time`;
}
