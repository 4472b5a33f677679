// Builds dist/ from src/: JavaScript, declarations and maps. The first argument is the folder to build in (default: this one).
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(process.argv[2] ?? ".");
rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync("tsc", ["--project", join(root, "tsconfig.build.json")], { stdio: "inherit" });
