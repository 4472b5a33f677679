import { workflow, type Workflow } from "daruma";
import { z } from "zod";

export const order: Workflow<{ count: number }, number> = workflow("order", async (input) => input.count, {
  input: z.object({ count: z.number().default(1) }),
});
