/** What each handler expects, checked: a state machine that hands over something else is a mistake that no attempt can help. */
import { z } from "zod";
import { ValidationError } from "../errors.ts";
import type {
  ActionContext,
  ActionOutcome,
  ExecutionFacts,
  Generated,
  GoalContext,
  WorkflowInput,
} from "../types.ts";
import { answerSchema } from "../generation/generator.ts";

/** More than this many would not fit into what a state machine may pass on (256 KiB). */
const mostActions = 64;

const id = z.string().trim().min(1).max(200);
const ids = z.array(id).min(1, "at least one action is needed").max(mostActions);

export const workflowInput: z.ZodType<WorkflowInput> = z.object({
  goalId: id,
  userId: id,
  actionIds: ids.refine((list) => new Set(list).size === list.length, "an action is named twice"),
});

const facts = { executionArn: z.string().min(1), goalId: id, userId: id };
/** Of the execution, as the context object has it. */
const startedAt: z.ZodType<number> = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const caught: z.ZodType<Caught> = z.object({
  Error: z.string().default("Error"),
  Cause: z.string().default(""),
});
const goal: z.ZodType<GoalContext> = z.object({ id, title: z.string(), description: z.string() });
const action: z.ZodType<ActionContext> = z.object({
  id,
  title: z.string(),
  description: z.string(),
  subGoal: z.object({ title: z.string(), description: z.string() }),
});
const batch = z.number().int().min(1);

/** An error as Catch hands it on. */
export interface Caught {
  readonly Error: string;
  readonly Cause: string;
}

export const startInput: z.ZodType<{
  readonly executionArn: string;
  readonly startedAt: number;
  readonly input: unknown;
}> = z.object({ executionArn: z.string().min(1), startedAt, input: z.unknown() });

export const actionsInput: z.ZodType<ExecutionFacts & { readonly actionIds: readonly string[] }> = z.object({
  ...facts,
  actionIds: ids,
});

export const batchesInput: z.ZodType<ExecutionFacts & { readonly actions: readonly ActionContext[] }> =
  z.object({ ...facts, actions: z.array(action).min(1).max(mostActions) });

export const generationInput: z.ZodType<
  ExecutionFacts & { readonly batch: number; readonly goal: GoalContext; readonly action: ActionContext }
> = z.object({ ...facts, batch, goal, action });

const generated: z.ZodType<Generated> = z
  .object({
    generator: z.string(),
    usage: z.object({ inputTokens: z.number().min(0), outputTokens: z.number().min(0) }),
  })
  .and(answerSchema);

export const saveInput: z.ZodType<
  ExecutionFacts & { readonly batch: number; readonly actionId: string; readonly generated: Generated }
> = z.object({ ...facts, batch, actionId: id, generated });

export const progressInput: z.ZodType<ExecutionFacts & { readonly batch: number }> = z.object({
  ...facts,
  batch,
});

const outcome: z.ZodType<ActionOutcome> = z.object({ actionId: id, status: z.enum(["success", "failed"]) });

export const resultsInput: z.ZodType<
  ExecutionFacts & {
    readonly actionIds: readonly string[];
    readonly batches: readonly (readonly ActionOutcome[])[];
  }
> = z.object({ ...facts, actionIds: ids, batches: z.array(z.array(outcome)) });

export const statusInput: z.ZodType<
  ExecutionFacts & {
    readonly startedAt: number;
    readonly goalStatus: "active" | "partial" | "failed";
    readonly summary: {
      readonly successCount: number;
      readonly failedCount: number;
      readonly failedActions: readonly string[];
    };
  }
> = z.object({
  ...facts,
  startedAt,
  goalStatus: z.enum(["active", "partial", "failed"]),
  summary: z.object({
    successCount: z.number().int().min(0),
    failedCount: z.number().int().min(0),
    failedActions: z.array(id),
  }),
});

/** A failed action, or a failed execution. */
export type ErrorInput =
  | (ExecutionFacts & {
      readonly scope: "action";
      readonly batch: number;
      readonly actionId: string;
      readonly error: Caught;
    })
  | {
      readonly scope: "validation" | "workflow";
      readonly executionArn: string;
      readonly startedAt: number;
      readonly input: unknown;
      readonly error: Caught;
    };

export const errorInput: z.ZodType<ErrorInput> = z.union([
  z.object({ ...facts, scope: z.literal("action"), batch, actionId: id, error: caught }),
  z.object({
    scope: z.enum(["validation", "workflow"]),
    executionArn: z.string().min(1),
    startedAt,
    input: z.unknown(),
    error: caught,
  }),
]);

/** The input in its form. @throws ValidationError that says what is wrong with which field */
export function read<Form>(form: z.ZodType<Form>, input: unknown): Form {
  const result = form.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
  throw new ValidationError(`The input is not valid: ${issues.join("; ")}`);
}
