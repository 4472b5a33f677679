/**
 * Tasks without a language model: plain rules over the action's words. It is no substitute for one and says so; it is what makes the example run
 * anywhere, and the same action always gets the same tasks.
 */
import type { ActionContext, Generated, GeneratedTask } from "../types.ts";
import type { Generator } from "./generator.ts";

/** The words by which an action is known to be of a kind, in English and Japanese. */
const kinds: readonly (readonly [Kind, RegExp])[] = [
  ["decide", /\b(?:choose|compare|find|look|view|check|test|try|ask|invite)\b|調べ|選ぶ|確認/iu],
  ["write", /\b(?:write|draw|plan|calculate|describe|label|list|prepare|fix|set up)\b|作る|書く|整理/iu],
  ["appoint", /\b(?:book|apply|register|order|enter|file|sign|negotiate|agree|arrange|insure)\b|申し込み/iu],
  ["practice", /\b(?:run|train|keep|start|bake|hold|count|develop)\b|練習|復習|毎日|受ける|解く/iu],
];
type Kind = "decide" | "write" | "appoint" | "practice";

interface Step {
  readonly lead: string;
  readonly what: string;
  readonly minutes: number;
  readonly type: GeneratedTask["type"];
}

const steps: Readonly<Record<Kind, readonly Step[]>> = {
  decide: [
    { lead: "Criteria", what: "Write down what counts, before looking.", minutes: 30, type: "preparation" },
    { lead: "Research", what: "Collect what there is, with sources.", minutes: 90, type: "research" },
    { lead: "Decide", what: "Compare, decide, and note the reason.", minutes: 45, type: "execution" },
  ],
  write: [
    { lead: "Material", what: "Gather the facts that are needed.", minutes: 60, type: "research" },
    { lead: "Draft", what: "Write a first version from start to end.", minutes: 120, type: "execution" },
    { lead: "Read again", what: "Read it a day later and correct it.", minutes: 30, type: "review" },
  ],
  appoint: [
    { lead: "Papers", what: "Put the papers and questions together.", minutes: 45, type: "preparation" },
    { lead: "Arrange", what: "Make the call or the appointment.", minutes: 30, type: "execution" },
    { lead: "Confirm", what: "Keep the answer in writing and the date.", minutes: 15, type: "review" },
  ],
  practice: [
    { lead: "Set up", what: "Prepare place, time and what is needed.", minutes: 30, type: "preparation" },
    { lead: "Do", what: "Do it for the first time and take notes.", minutes: 60, type: "execution" },
    { lead: "Look back", what: "Compare the notes with the aim.", minutes: 20, type: "review" },
  ],
};

export const ruleBased: Generator = {
  name: "rule-based",
  note: "No language model is configured: a plain rule-based generator makes the tasks.",
  generate: async ({ action }): Promise<Generated> => ({
    tasks: tasksFor(action),
    generator: "rule-based",
    usage: { inputTokens: 0, outputTokens: 0 },
  }),
};

function tasksFor(action: ActionContext): GeneratedTask[] {
  const kind = kinds.find(([, words]) => words.test(action.title))?.[0] ?? "write";
  return steps[kind].map(({ lead, what, minutes, type }) => ({
    title: cut(`${lead}: ${action.title}`, 50),
    description: cut(`${what} ${action.description}`, 200),
    estimatedMinutes: minutes,
    priority: type === "execution" ? "high" : type === "review" ? "low" : "medium",
    type,
  }));
}

/** By whole characters, so that no surrogate pair is cut in two. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  let kept = "";
  for (const character of text) {
    if (kept.length + character.length > length - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}
