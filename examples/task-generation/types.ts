/** What goes into the workflow, through its states and out of it. */

/** The execution's input. */
export interface WorkflowInput {
  readonly goalId: string;
  readonly userId: string;
  /** 1 to 64, in the order in which they are to be worked on. */
  readonly actionIds: readonly string[];
}

/** What every handler is told about the execution, so that logs and rows can name it. */
export interface ExecutionFacts {
  readonly executionArn: string;
  readonly goalId: string;
  readonly userId: string;
}

/** The execution's output; for `FAILED` it is the cause of the failed execution, as JSON text. */
export interface WorkflowOutput {
  readonly goalId: string;
  readonly executionArn: string;
  readonly status: "SUCCEEDED" | "PARTIAL" | "FAILED";
  readonly successCount: number;
  readonly failedCount: number;
  readonly failedActions: readonly string[];
  /** Milliseconds. */
  readonly duration: number;
  /** Only for `FAILED`. */
  readonly error?: string;
}

/** The goal as the generator sees it. */
export interface GoalContext {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** An action with what is known around it. */
export interface ActionContext {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly subGoal: { readonly title: string; readonly description: string };
}

/** At most 8 actions that are worked on side by side. */
export interface Batch {
  /** From 1. */
  readonly number: number;
  readonly actions: readonly ActionContext[];
}

export const priorities = ["high", "medium", "low"] as const;
export const taskTypes = ["research", "preparation", "execution", "review"] as const;

/** One task as a generator makes it. */
export interface GeneratedTask {
  /** At most 50 characters. */
  readonly title: string;
  /** At most 200 characters. */
  readonly description: string;
  /** 15 to 120. */
  readonly estimatedMinutes: number;
  readonly priority: (typeof priorities)[number];
  readonly type: (typeof taskTypes)[number];
}

/** Tokens that a language model counted; both 0 without one. */
export interface TokenUse {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What TaskGenerationFunction returns: 1 to 5 tasks. */
export interface Generated {
  readonly tasks: readonly GeneratedTask[];
  /** Which generator made them, such as `rule-based` or `openai-compatible:llama3.1`. */
  readonly generator: string;
  readonly usage: TokenUse;
}

/** How the work on one action ended. */
export interface ActionOutcome {
  readonly actionId: string;
  readonly status: "success" | "failed";
}

/** How far an execution is. */
export interface Progress {
  readonly processed: number;
  readonly total: number;
  /** 0 to 100, rounded down; never less than it was. */
  readonly percentage: number;
  /** Milliseconds, estimated from durations that were measured; null while none was. */
  readonly estimatedRemaining: number | null;
}

/** What a handler is handed beside its input. On AWS Lambda only its own context is there: handlers use nothing but `signal`, if it is there, and the key. */
export interface HandlerContext {
  readonly executionArn: string;
  readonly stateName: string;
  /** The same for every repeat of a call after a crash. */
  readonly idempotencyKey: string;
  /** Aborted when the task's time is over or the execution is stopped. */
  readonly signal: AbortSignal;
}

/** A function that the state machine calls by its name. What it throws is an error whose `name` the definition's Retry and Catch compare. */
export type Handler = (input: unknown, context: HandlerContext) => Promise<unknown>;
