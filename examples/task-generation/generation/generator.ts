/** What makes tasks out of an action, and the form that its answers must have. */
import { z } from "zod";
import { TransientError } from "../errors.ts";
import { priorities, taskTypes } from "../types.ts";
import type { ActionContext, Generated, GeneratedTask, GoalContext, TokenUse } from "../types.ts";

/** What a generator is asked. */
export interface GenerationRequest {
  readonly executionArn: string;
  readonly goal: GoalContext;
  readonly action: ActionContext;
  /** Which attempt at this action it is, from 1. */
  readonly attempt: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Generator {
  readonly name: string;
  /** One sentence about what it is, for the log. */
  readonly note: string;
  /** @throws ValidationError, PermissionError, QuotaExceededError (permanent), TransientError (another attempt may help) */
  generate(request: GenerationRequest): Promise<Generated>;
}

const task: z.ZodType<GeneratedTask> = z.object({
  title: z.string().trim().min(1).max(50),
  description: z.string().trim().min(1).max(200),
  estimatedMinutes: z.number().int().min(15).max(120),
  priority: z.enum(priorities),
  type: z.enum(taskTypes),
});

/** The form of an answer: 1 to 5 tasks. */
export const answerSchema: z.ZodType<{ readonly tasks: readonly GeneratedTask[] }> = z.object({
  tasks: z.array(task).min(1).max(5),
});

/** The generator answered with something that cannot be used, and it may have cost something all the same. */
export class MalformedAnswerError extends TransientError {
  override readonly name: string = "MalformedAnswerError";
  readonly usage: TokenUse;

  constructor(message: string, usage: TokenUse) {
    super(message);
    this.usage = usage;
  }
}

/** The tasks in an answer. Models like to put JSON into a code block or between sentences. @throws MalformedAnswerError */
export function readAnswer(text: string, usage: TokenUse): readonly GeneratedTask[] {
  const json = text.slice(Math.max(text.indexOf("{"), 0), text.lastIndexOf("}") + 1);
  const result = answerSchema.safeParse(parse(json));
  if (result.success) return result.data.tasks;
  const [issue] = result.error.issues;
  throw new MalformedAnswerError(
    `The model's answer does not have the form that was asked for: ${issue?.path.join(".")}: ${issue?.message}`,
    usage,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
