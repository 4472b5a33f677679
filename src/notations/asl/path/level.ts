import type { Scanner } from "./scanner.ts";
import type { Step } from "./steps.ts";

/** How deep in filters the parser is, and how it reads a path there: filters are parts of paths and contain paths. */
export interface Level {
  /** 0 outside of filters. */
  readonly depth: number;
  readonly parseSteps: (scanner: Scanner, level: Level) => readonly Step[];
}

export function below(level: Level): Level {
  return { ...level, depth: level.depth + 1 };
}
