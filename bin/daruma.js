#!/usr/bin/env node
// The command `daruma`. This file is plain JavaScript that old versions of Node can parse, so that they can be told
// what is missing; everything else is in src/cli/. In a checkout the sources run as they are; the published package
// runs dist/ (Node does not strip types below node_modules/).
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NEEDED = 24;

function at(path) {
  return new URL("../" + path, import.meta.url);
}

function refusal(version) {
  const local = fileURLToPath(at("node_modules/.bin/node"));
  const remedy = existsSync(local)
    ? "npx daruma finds the one in node_modules/.bin"
    : 'get it from https://nodejs.org or with "npm install node@24", then run "npx daruma"';
  return "daruma needs Node " + NEEDED + " or later, this is Node " + version + ": " + remedy + ".\n";
}

/** In a checkout `daruma` means src/ for user modules too, so that there is one copy of it, as in the package. */
async function useSources() {
  const { registerHooks } = await import("node:module");
  registerHooks({
    resolve(specifier, context, next) {
      const own = specifier === "daruma" || specifier.startsWith("daruma/");
      return next(
        specifier,
        own ? { ...context, conditions: ["daruma-source", ...context.conditions] } : context,
      );
    },
  });
}

async function main() {
  const checkout = existsSync(at("tsconfig.json")) && existsSync(at("src/cli/main.ts"));
  if (checkout) await useSources();
  await import(at(checkout ? "src/cli/main.ts" : "dist/cli/main.js").href);
}

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(refusal(process.versions.node));
  process.exitCode = 1;
} else {
  main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
