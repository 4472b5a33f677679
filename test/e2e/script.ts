/** The script of a database: how each of its lives ends. A function of the seed. */
import { seededRandom } from "../../src/core/random.ts";
import { type Death, type Point, points } from "./fate.ts";
import type { Kill } from "./lives.ts";

/** One life to come. */
export interface Life {
  /** What it is counted as, if it ends as it should. */
  readonly name: Point | "random" | "random while opening";
  readonly death?: Death;
  readonly kill: Kill;
  readonly closeAfterMs?: number;
  readonly checkpointPages: number;
  readonly cacheSize: number;
}

/** Up to which pass a worker dies at a point: about as many as there are in a life. */
const passes: Readonly<Record<Point, number>> = {
  opening: 40,
  recovering: 20,
  "before-commit": 6,
  "transaction-begun": 6,
  "transaction-writing": 60,
  "transaction-written": 6,
  "during-commit": 6,
  committed: 6,
  "before-acknowledge": 6,
  acknowledged: 8,
  "activity-started": 8,
  "activity-finished": 8,
  "during-checkpoint": 8,
  closing: 5,
};

type Below = (limit: number) => number;

function namedLife(point: Point, below: Below): Pick<Life, "name" | "death" | "kill" | "closeAfterMs"> {
  const death = { point, pass: 1 + below(passes[point]), delayUs: below(1500) };
  // Only if the point is not reached.
  const kill = { after: "ready", delayMs: 400 } as const;
  return { name: point, death, kill, ...(point === "closing" ? { closeAfterMs: 10 + below(60) } : {}) };
}

function randomLife(opening: boolean, below: Below): Pick<Life, "name" | "kill"> {
  return opening
    ? { name: "random while opening", kill: { after: "spawn", delayMs: 40 + below(260) } }
    : { name: "random", kill: { after: "ready", delayMs: 5 + below(76) } };
}

/** These come a second time: the moment inside of a call is a matter of luck, and a file is opened both when it is new and when it is old. */
const again: readonly Point[] = ["opening", "during-commit", "during-checkpoint"];

/** The lives of a database: first one that dies while it makes the file, then each named point and deaths at random in any order. */
export function livesOf(seed: string, count: number): Life[] {
  const random = seededRandom(`${seed} lives`);
  const below = (limit: number): number => Math.floor(random() * limit);
  const first = namedLife("opening", below);
  const named = [...points.filter((point) => point !== "opening"), ...again].map((point) =>
    namedLife(point, below),
  );
  const others = Array.from({ length: count - 1 - named.length }, (_, at) => randomLife(at % 3 === 2, below));
  const lives = [...named, ...others].map((life) => ({ life, place: random() }));
  const later = lives.toSorted((a, b) => a.place - b.place).map(({ life }) => life);
  return [first, ...later].map((life) => ({
    ...life,
    checkpointPages: below(2) === 0 ? 1000 : 20,
    cacheSize: below(2) === 0 ? 1000 : 2,
  }));
}
