import { workflow } from "daruma";

export default workflow("one", async (input: unknown) => ({ got: input }));
