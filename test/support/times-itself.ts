// A module that does at its top level what workflow code may not do.
import { statSync } from "node:fs";

clearTimeout(setTimeout(() => {}, 0));

export const name: string = statSync(import.meta.filename).isFile() ? "times itself" : "";
