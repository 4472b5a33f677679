/** The activities of the research: the steps with their names, time-outs and retries, and what the engine tells an attempt about itself. */
import { type Activity, activity, activityContext } from "daruma";
import {
  type Attempt,
  decomposeStep,
  type DecomposeTask,
  indexStep,
  type IndexTask,
  searchStep,
  type SearchTask,
  synthesizeStep,
  type SynthesizeTask,
  writeStep,
  type WriteTask,
  type WrittenReport,
} from "./steps.ts";
import type { Hit, IndexInfo, Topic } from "./types.ts";

const HEARTBEAT_EVERY = 50;
const backoff = {
  type: "exponential",
  initialInterval: "200ms",
  coefficient: 2,
  maximumInterval: "2s",
} as const;

/** Reads the documents and builds the full-text index. A heartbeat now and then shows that it goes on. */
export const indexDocuments: Activity<[IndexTask], Promise<IndexInfo>> = activity(
  "indexDocuments",
  (task) => {
    const context = activityContext();
    let documents = 0;
    return indexStep(task, () => {
      documents++;
      if (documents % HEARTBEAT_EVERY === 1) context.heartbeat({ documents });
    });
  },
  { startToCloseTimeout: "10m", heartbeatTimeout: "30s", retry: { maximumAttempts: 3, backoff } },
);

/** Cuts the question into topics. A model may take its time. */
export const decompose: Activity<[DecomposeTask], Promise<Topic[]>> = activity(
  "decompose",
  (task) => decomposeStep(task, thisAttempt()),
  {
    startToCloseTimeout: "3m",
    retry: { maximumAttempts: 4, backoff },
  },
);

/** One search. Its time-out is what makes a source that hangs a source that failed. */
export const search: Activity<[SearchTask], Promise<Hit[]>> = activity(
  "search",
  (task) => searchStep(task, thisAttempt()),
  {
    startToCloseTimeout: "30s",
    retry: { maximumAttempts: 3, backoff, nonRetryableErrors: ["ResearchInputError"] },
  },
);

/** Writes the report's text. */
export const synthesize: Activity<[SynthesizeTask], Promise<string>> = activity(
  "synthesize",
  (task) => synthesizeStep(task, thisAttempt()),
  {
    startToCloseTimeout: "5m",
    retry: { maximumAttempts: 4, backoff },
  },
);

/** Puts the report into its file. */
export const writeReport: Activity<[WriteTask], Promise<WrittenReport>> = activity(
  "writeReport",
  (task) => writeStep(task, thisAttempt()),
  {
    startToCloseTimeout: "30s",
    retry: { maximumAttempts: 5, backoff },
  },
);

function thisAttempt(): Attempt {
  const { attempt, idempotencyKey, signal } = activityContext();
  return { attempt, idempotencyKey, signal };
}
