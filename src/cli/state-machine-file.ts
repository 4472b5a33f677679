/**
 * State machines in files: `daruma run order.asl.json` runs the definition with the handlers beside it.
 *
 * Handlers are the exports of the module that `--handlers` names, else of `handlers.ts` or `handlers/index.ts` (or .js) in the definition's folder, else there are none.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { DarumaError, quoted } from "../core/errors.ts";
import type { Handler } from "../integrations/aws/options.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";

/** Imports a module's exports. */
export type Import = (path: string) => Promise<Record<string, unknown>>;

export function isStateMachineFile(path: string): boolean {
  return /\.(?:json|ya?ml)$/u.test(path);
}

/** The state machines of a file as workflows. @throws DarumaError DRM-MODULE, DRM-INVALID-DEFINITION */
export async function loadStateMachines(
  path: string,
  { handlers: module, load }: { readonly handlers: string | undefined; readonly load: Import },
): Promise<AnyWorkflow[]> {
  const text = read(path);
  const handlers = await handlersOf(module ?? beside(path), load);
  const files = { root: dirname(resolve(path)) };
  // Whoever runs workflows in TypeScript need not wait for the language.
  const { stateMachine } = await import("../embedded/state-machine.ts");
  const { definitionsIn } = await import("./asl/definitions.ts");
  return definitionsIn(text, { name: nameOf(path), path }).map(({ name, definition }) =>
    stateMachine(definition, { name, handlers, files }),
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new DarumaError("DRM-MODULE", {
      message: `The file ${quoted(path)} cannot be read.`,
      subject: path,
      found: error instanceof Error ? error.message : String(error),
    });
  }
}

const general = new Set(["workflow", "definition", "state-machine", "statemachine", "index"]);

/** `order.asl.json` is `order`; a file with a name for any of them has the name of its folder. */
function nameOf(path: string): string {
  const name = basename(path).replace(/(?:\.asl)?\.(?:json|ya?ml)$/u, "");
  return general.has(name.toLowerCase()) ? basename(dirname(resolve(path))) : name;
}

function beside(path: string): string | undefined {
  const folder = dirname(resolve(path));
  const names = ["handlers.ts", "handlers.js", "handlers.mjs", "handlers/index.ts", "handlers/index.js"];
  return names.map((name) => join(folder, name)).find((file) => existsSync(file));
}

/** The functions that a module exports, by name. */
export async function handlersOf(
  module: string | undefined,
  load: Import,
): Promise<Readonly<Record<string, Handler>>> {
  if (module === undefined) return {};
  const exported = await load(module);
  const named =
    typeof exported["default"] === "object" && exported["default"] !== null ? { ...exported["default"] } : {};
  const all = Object.entries({ ...named, ...exported }).filter(([, value]) => typeof value === "function");
  return Object.fromEntries(all) as Readonly<Record<string, Handler>>;
}
