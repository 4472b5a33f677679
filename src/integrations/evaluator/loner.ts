/**
 * A job that took longer than others beside it could wait, in the process that it began in: it goes on there alone, with the time that is left.
 * Then the process is killed: it still holds work that has been given to another.
 */
import { tooSlow } from "../../notations/asl/jsonata/limits.ts";
import type { EvaluationAnswer } from "../../notations/asl/task-host.ts";
import type { EvaluatorProcess } from "./evaluator-process.ts";
import type { Job } from "./job.ts";

export interface LonerOptions {
  /** How long each expression may take, and how much of that the one at work has had. */
  readonly limitMs: number;
  readonly usedMs: number;
  /** It could not go on here. */
  onAgain(job: Job): void;
  onOver(): void;
}

export function letGoOnAlone(process: EvaluatorProcess, job: Job, options: LonerOptions): void {
  const { limitMs, usedMs } = options;
  let timer: NodeJS.Timeout;
  let done = false;
  const watch = (delayMs: number): void => {
    // What has been answered meanwhile is read before an immediate.
    timer = setTimeout(() => setImmediate(() => done || over(() => job.fail(tooSlow))), delayMs);
  };
  const over = (settle: () => void): void => {
    done = true;
    clearTimeout(timer);
    process.kill();
    settle();
    options.onOver();
  };
  process.listener = {
    onLine: (line) => {
      if (done) return;
      clearTimeout(timer);
      if (job.answer(JSON.parse(line) as EvaluationAnswer)) over(() => {});
      else watch(limitMs);
    },
    onEnd: (reason) => {
      if (!done) over(() => job.survives(reason) && options.onAgain(job));
    },
  };
  watch(limitMs - usedMs);
}
