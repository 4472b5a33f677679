/*
 * The workloads. Each takes a subject and gives figures; none knows which engine it drives.
 *
 * - Throughput is work done divided by all the time it took, the last runs of a window included.
 * - A slow subject is measured fewer times or on a smaller input, never for ever; the note says so.
 */
import type { Effort } from "./effort.ts";
import type { Subject } from "./subject.ts";
import { elapsed, repeat, within, type Now } from "./timing.ts";

/** What a workload needs besides its subject. */
export interface Conditions {
  readonly effort: Effort;
  readonly now: Now;
}

/** The figures of one workload, one for each window or repetition. */
export interface Figures {
  readonly figures: readonly number[];
  readonly note: string;
}

const LATENCY_ACTIVITIES = 4;
const LATENCY_WARM_UP_RUNS = 3;
const LATENCY_LEAST_SAMPLES = 5;

/** Runs of `activities` activities with `inFlight` always in flight; figures are runs per second. */
export async function throughput(
  subject: Subject,
  activities: number,
  conditions: Conditions,
): Promise<Figures> {
  return throughputOf(() => subject.sequential(activities), conditions);
}

/** As `throughput`, of anything that can be done once. */
export async function throughputOf(once: () => Promise<void>, { effort, now }: Conditions): Promise<Figures> {
  const window = (ms: number): Promise<number> => perSecond(once, { ms, inFlight: effort.inFlight, now });
  await window(effort.warmUpMs);
  const figures: number[] = [];
  for (let i = 0; i < effort.windows; i += 1) figures.push(await window(effort.windowMs));
  return { figures, note: "" };
}

interface Window {
  readonly ms: number;
  readonly inFlight: number;
  readonly now: Now;
}

async function perSecond(once: () => Promise<void>, { ms, inFlight, now }: Window): Promise<number> {
  const start = now();
  let done = 0;
  const lane = async (): Promise<void> => {
    while (now() - start < ms) {
      await once();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (done * 1_000) / (now() - start);
}

/** One run of many activities, one after the other, alone in the engine; figures are milliseconds per activity. */
export async function sequence(subject: Subject, conditions: Conditions): Promise<Figures> {
  const { effort } = conditions;
  const short = effort.sequenceShort;
  const estimateMs = (await elapsed(conditions.now, () => subject.sequential(short))) / short;
  const activities = estimateMs * effort.sequence <= effort.sequenceMs ? effort.sequence : short;
  const figures = await repeat(conditions.now, {
    times: effort.repetitions,
    least: 1,
    limitMs: effort.sequenceMs,
    once: async () => (await elapsed(conditions.now, () => subject.sequential(activities))) / activities,
  });
  return {
    figures,
    note: activities === effort.sequence ? "" : `${activities} activities instead of ${effort.sequence}`,
  };
}

/** Runs of four activities, one run at a time; figures are milliseconds from start to result. */
export async function latency(subject: Subject, conditions: Conditions): Promise<Figures> {
  const { effort, now } = conditions;
  const once = (): Promise<number> => elapsed(now, () => subject.sequential(LATENCY_ACTIVITIES));
  for (let i = 0; i < LATENCY_WARM_UP_RUNS; i += 1) await once();
  const figures = await repeat(conditions.now, {
    times: effort.latencySamples,
    least: LATENCY_LEAST_SAMPLES,
    limitMs: effort.latencyMs,
    once,
  });
  return { figures, note: "" };
}

/**
 * One run that calls many activities at once; figures are activities per second.
 * The narrow fan-out comes first, as warm-up and as what is reported when the wide one fails or takes too long.
 */
export async function fanOut(subject: Subject, conditions: Conditions): Promise<Figures> {
  const { effort } = conditions;
  const narrow = await fanOutRates(subject, effort.fanOutShort, conditions);
  try {
    return { figures: await fanOutRates(subject, effort.fanOut, conditions), note: "" };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      figures: narrow,
      note: `${effort.fanOutShort} activities instead of ${effort.fanOut}: ${reason}`,
    };
  }
}

async function fanOutRates(subject: Subject, activities: number, conditions: Conditions): Promise<number[]> {
  const { effort, now } = conditions;
  return repeat(now, {
    times: effort.repetitions,
    least: 1,
    limitMs: effort.fanOutMs,
    once: async () => {
      const run = (): Promise<void> => within(effort.fanOutMs, subject.fanOut(activities));
      return (activities * 1_000) / (await elapsed(now, run));
    },
  });
}
