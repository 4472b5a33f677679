/**
 * A token budget as middleware: before each call it looks at what is left, after it it subtracts what was used.
 * It is a plain wrapper, and its state is a plain variable of the workflow: replay runs the same code on the same recorded results,
 * so the budget is right again after a crash without being stored anywhere.
 */
import { activity, ApplicationError, Daruma, RunFailedError, workflow } from "daruma";

interface Answer {
  readonly text: string;
  readonly tokens: number;
}

/** Wraps activities so that they share one budget. */
function tokenBudget(limit: number) {
  let left = limit;
  const within = <Args extends unknown[]>(call: (...args: Args) => Promise<Answer>) => {
    return async (...args: Args): Promise<Answer> => {
      if (left <= 0)
        throw new ApplicationError("no tokens left", { type: "BudgetError", details: { limit, left } });
      const answer = await call(...args);
      left -= answer.tokens;
      return answer;
    };
  };
  return { within, left: () => left };
}

const complete = activity("complete", async (prompt: string) => ({
  text: prompt.toUpperCase(),
  tokens: prompt.length * 10,
}));

const agent = workflow("agent", async (prompts: string[]) => {
  const budget = tokenBudget(100);
  const ask = budget.within(complete);
  const texts: string[] = [];
  for (const prompt of prompts) texts.push((await ask(prompt)).text);
  return `${texts.join(" ")}, ${budget.left()} left`;
});

const daruma = await Daruma.open("memory:", { workflows: [agent] });
console.log(await (await daruma.start(agent, { input: ["tea", "rain"] })).result());
try {
  await (await daruma.start(agent, { input: ["a long way", "to", "go"] })).result();
} catch (error) {
  if (error instanceof RunFailedError)
    console.log((error.cause as Error).name, (error.cause as ApplicationError).details);
}
await daruma.close();

/* Output:
TEA RAIN, 30 left
BudgetError { limit: 100, left: 0 }
*/
