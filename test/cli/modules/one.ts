import { workflow, type Workflow } from "daruma";

const one: Workflow<unknown, { got: unknown }> = workflow("one", async (input) => ({ got: input }));

export default one;
