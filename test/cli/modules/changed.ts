// The workflow `waiting` as somebody changed it: its recorded activity is not called any more.
import { activity, workflow, type Workflow } from "daruma";

const salute = activity("salute", async (name: string) => name);

export const waiting: Workflow<string, string> = workflow("waiting", async (name) => salute(name));
