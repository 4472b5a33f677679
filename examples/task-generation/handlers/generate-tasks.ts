/**
 * TaskGeneration: asks the generator for the tasks of one action. The ledger has a row before the call; an answer that is in the ledger is not
 * paid for again. What fails is thrown: the state machine decides whether there is another attempt.
 */
import type { Application } from "../application.ts";
import { addTokens } from "../database/executions.ts";
import { beginGeneration, endGeneration, keptAnswer } from "../database/generations.ts";
import type { GenerationEnd } from "../database/generations.ts";
import { describeError, errorName, isRetryable } from "../errors.ts";
import { MalformedAnswerError } from "../generation/generator.ts";
import type { ExecutionFacts, Generated, HandlerContext, TokenUse } from "../types.ts";
import { generationInput, read } from "./inputs.ts";

const noTokens: TokenUse = { inputTokens: 0, outputTokens: 0 };

/** @throws whatever the generator throws */
export async function generateTasks(
  app: Application,
  given: unknown,
  context: Partial<HandlerContext>,
): Promise<Generated> {
  const { batch, goal, action, ...facts } = read(generationInput, given);
  const { executionArn } = facts;
  const actionId = action.id;
  const kept = await keptAnswer(app.database, { executionArn, actionId });
  if (kept !== undefined) {
    app.log("INFO", "generation_reused", { facts, details: { actionId } });
    return kept;
  }
  const idempotencyKey = context.idempotencyKey ?? `${executionArn}/${actionId}`;
  const { name: generator } = app.generator;
  const call = { executionArn, actionId, batch, idempotencyKey, generator, now: app.now() };
  const { id, attempt } = await beginGeneration(app.database, call);
  app.log("INFO", "generation_started", { facts, details: { actionId, batch, attempt } });
  try {
    const answer = await app.generator.generate({
      executionArn,
      goal,
      action,
      attempt,
      signal: context.signal,
    });
    await settle(app, { id, facts }, { now: app.now(), answer, ...answer.usage });
    const details = { actionId, attempt, taskCount: answer.tasks.length, generator, ...answer.usage };
    app.log("INFO", "tasks_generated", { facts, details });
    return answer;
  } catch (error) {
    await fail(app, { id, facts }, { error, actionId, attempt });
    throw error;
  }
}

interface Call {
  /** Of the ledger's row. */
  readonly id: string;
  readonly facts: ExecutionFacts;
}

/** Writes down how a call ended and what it has cost, together. */
async function settle(app: Application, { id, facts }: Call, end: GenerationEnd): Promise<void> {
  await app.database.transaction(async (sql) => {
    await endGeneration(sql, id, end);
    await addTokens(sql, facts.executionArn, end);
  });
}

async function fail(
  app: Application,
  call: Call,
  {
    error,
    actionId,
    attempt,
  }: { readonly error: unknown; readonly actionId: string; readonly attempt: number },
): Promise<void> {
  const usage = error instanceof MalformedAnswerError ? error.usage : noTokens;
  const name = errorName(error);
  const message = describeError(error);
  const { facts } = call;
  const details = { actionId, attempt, error: name, message, retryable: isRetryable(name) };
  app.log("WARN", "generation_failed", { facts, details });
  await settle(app, call, { now: app.now(), error: `${name}: ${message}`, ...usage });
}
