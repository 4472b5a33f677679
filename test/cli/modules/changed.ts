// The workflow `waiting` as somebody changed it: its recorded activity is not called any more.
import { activity, workflow } from "daruma";

const salute = activity("salute", async (name: string) => name);

export const waiting = workflow("waiting", async (name: string) => salute(name));
