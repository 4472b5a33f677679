/** `daruma asl` */
import type { Command } from "../command.ts";

export const asl: Command = {
  name: "asl",
  summary: "Check definitions of state machines (Amazon States Language)",
  places: [
    { name: "check", help: "what to do" },
    {
      name: "FILE",
      help: "definitions in JSON or YAML, or CloudFormation, SAM and synthesised CDK templates",
      many: true,
    },
  ],
  options: {
    type: {
      value: "TYPE",
      help: "STANDARD or EXPRESS, for files that do not say it. Default: STANDARD",
    },
    handlers: {
      value: "ID=NAME,…",
      help: "Show which function each Task calls, by the names that you give to logical ids",
    },
  },
  details: [
    "Each problem is a line `file:line:column severity code message (place)`. Codes and messages are those of AWS. Exit code 0: no errors. 1: errors.",
    "In a template, references become stand-ins that carry the logical id: the function of the resource SaveFn is called SaveFn.",
  ],
  examples: [
    "daruma asl check workflow.asl.json",
    "daruma asl check cdk.out/Stack.template.json --handlers SaveFn1A2B3C4D=save",
  ],
  run: async (context) => {
    // Other commands need not wait for the checker.
    const { checkFiles } = await import("../asl/check-files.ts");
    return await checkFiles(context);
  },
};
