/** Machines with tasks that are given out by a token: what was given out, and how it is reported. */
import type { RunHandle } from "daruma";
import type { Handler } from "daruma/asl";
import { reportUpdate } from "../../../../src/notations/asl/execution.ts";

interface Question {
  readonly who: unknown;
  readonly token: string;
}

/** A state that gives `who` (a path, or a text) a token and waits for the report. */
export function asking(who: string, more: object = {}): object {
  const key = who.startsWith("$") ? "who.$" : "who";
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    Parameters: { FunctionName: "Ask", Payload: { [key]: who, "token.$": "$$.Task.Token" } },
    End: true,
    ...more,
  };
}

/** A level whose first state is the first one given. */
export const chain = (States: object): object => ({ StartAt: Object.keys(States)[0], States });

export const parallel = (branches: readonly object[], more: object = {}): object => ({
  Type: "Parallel",
  Branches: branches,
  End: true,
  ...more,
});

export const each = (ItemProcessor: object, more: object = {}): object => ({
  Type: "Map",
  ItemProcessor,
  End: true,
  ...more,
});

/** Everybody who was asked, and every handler that was called, in order. */
export class Asked {
  readonly called: string[] = [];
  readonly #questions: Question[] = [];
  readonly handlers: Readonly<Record<string, Handler>> = {
    Ask: (input: unknown) => {
      const question = input as Question;
      this.called.push(`Ask ${String(question.who)}`);
      this.#questions.push(question);
    },
    Load: (input: unknown) => {
      this.called.push(`Load ${String(input)}`);
      return `loaded ${String(input)}`;
    },
  };

  /** The latest token that `who` got, or an earlier one: 1 the first. */
  token(who: unknown, number?: number): string {
    const tokens = this.#questions.filter((one) => one.who === who).map(({ token }) => token);
    return tokens[number === undefined ? tokens.length - 1 : number - 1] ?? "";
  }

  /** The tokens that were given out from number `from` on (from 0), with those who got them. */
  since(from: number): readonly Question[] {
    return this.#questions.slice(from);
  }

  get count(): number {
    return this.#questions.length;
  }

  fails(run: RunHandle, who: unknown, error = "No"): Promise<void> {
    return run.update(reportUpdate, { taskToken: this.token(who), kind: "failure", error });
  }

  says(run: RunHandle, who: unknown, what: unknown): Promise<void> {
    return run.update(reportUpdate, {
      taskToken: this.token(who),
      kind: "success",
      output: JSON.stringify(what),
    });
  }
}
