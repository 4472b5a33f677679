import { workflow } from "daruma";
import { z } from "zod";

export const order = workflow("order", async (input: { count: number }) => input.count, {
  input: z.object({ count: z.number().default(1) }),
});
