/** User modules: imported as they are, `.ts` or `.js`, and searched for workflows. */
import { registerHooks } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DarumaError, quoted } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import type { AnyWorkflow } from "../workflow/workflow.ts";
import { isWorkflow } from "../workflow/workflow.ts";
import { moduleProblem } from "./module-problem.ts";
import { nearest } from "./nearest.ts";
import { isStateMachineFile, loadStateMachines } from "./state-machine-file.ts";

/** What a module has to offer. */
export interface LoadedModule {
  readonly path: string;
  readonly workflows: readonly AnyWorkflow[];
  /** The workflow that is the default export, or the only one. */
  readonly main: AnyWorkflow | undefined;
}

let hooked = false;

/**
 * Two copies of Daruma in one process do not know each other, and a durable call of the wrong one would be a plain call. So `daruma` means the copy
 * that this command belongs to, wherever the module lies.
 */
function useThisCopy(): void {
  if (hooked) return;
  hooked = true;
  registerHooks({
    resolve(specifier, context, next) {
      const ours = specifier === "daruma" || specifier.startsWith("daruma/");
      return next(specifier, ours ? { ...context, parentURL: import.meta.url } : context);
    },
  });
}

/** Node warns of modules whose package does not say that they are ES modules. It finds out by itself, so the warning would only be in the way. */
async function quietly(load: () => Promise<unknown>): Promise<Record<string, unknown>> {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  const kept = Object.getOwnPropertyDescriptor(process, "emitWarning");
  const filtered = (warning: unknown, options: unknown, ...rest: unknown[]): void => {
    const code =
      typeof options === "object" && options !== null && "code" in options ? options.code : rest[0];
    if (code !== "MODULE_TYPELESS_PACKAGE_JSON") emit(warning, options, ...rest);
  };
  Object.defineProperty(process, "emitWarning", { value: filtered, configurable: true, writable: true });
  try {
    return (await load()) as Record<string, unknown>;
  } finally {
    if (kept !== undefined) Object.defineProperty(process, "emitWarning", kept);
  }
}

/** Imports a module. @throws DarumaError DRM-MODULE: it cannot be loaded */
export async function importModule(path: string): Promise<Record<string, unknown>> {
  useThisCopy();
  try {
    return await quietly(() => import(pathToFileURL(resolve(path)).href));
  } catch (error) {
    throw moduleProblem(path, error);
  }
}

/**
 * Imports a module, or reads the state machines of a definition's file. `handlers`: the module with what their tasks call.
 * @throws DarumaError DRM-MODULE: it cannot be loaded, or exports no workflow; DRM-DUPLICATE-WORKFLOW; DRM-INVALID-DEFINITION
 */
export async function loadModule(path: string, handlers?: string): Promise<LoadedModule> {
  if (isStateMachineFile(path)) {
    const machines = await loadStateMachines(path, { handlers, load: importModule });
    return { path, workflows: machines, main: machines.length === 1 ? machines[0] : undefined };
  }
  const exported = await importModule(path);
  const workflows = [...new Set(Object.values(exported).flatMap(workflowsIn))];
  if (workflows.length === 0) throw noWorkflow(path, Object.keys(exported));
  checkNames(path, workflows);
  const { default: chosen } = exported;
  const only = workflows.length === 1 ? workflows[0] : undefined;
  return { path, workflows, main: isWorkflow(chosen) ? chosen : only };
}

/** Imports several modules. @throws as {@link loadModule} */
export async function loadWorkflows(
  paths: readonly string[],
  handlers?: string,
): Promise<readonly AnyWorkflow[]> {
  const all = new Set<AnyWorkflow>();
  for (const path of paths)
    for (const workflow of (await loadModule(path, handlers)).workflows) all.add(workflow);
  const workflows = [...all];
  checkNames(paths.join(", "), workflows);
  return workflows;
}

/** An export may be a workflow or a list of them. */
function workflowsIn(value: unknown): AnyWorkflow[] {
  if (isWorkflow(value)) return [value];
  return Array.isArray(value) && value.every(isWorkflow) ? value : [];
}

/** The workflow that `name` means, or the only one. @throws DarumaError DRM-MODULE */
export function chooseWorkflow(module: LoadedModule, name: string | undefined): AnyWorkflow {
  const { workflows, main, path } = module;
  const chosen = name === undefined ? main : workflows.find((one) => one.name === name);
  if (chosen !== undefined) return chosen;
  const names = workflows.map((one) => one.name);
  const near = name === undefined ? undefined : nearest(name, names);
  throw new DarumaError("DRM-MODULE", {
    message:
      name === undefined
        ? `The module ${quoted(path)} exports several workflows.`
        : `The module ${quoted(path)} exports no workflow ${quoted(name)}.`,
    subject: path,
    expected: `one of ${names.map(quoted).join(", ")}`,
    found: name === undefined ? "no --workflow" : undefined,
    fix:
      near === undefined
        ? `Say which one: --workflow ${printable(names[0] ?? "NAME")}`
        : `Did you mean --workflow ${printable(near)}?`,
  });
}

function checkNames(path: string, workflows: readonly AnyWorkflow[]): void {
  const seen = new Set<string>();
  for (const { name } of workflows) {
    if (seen.has(name)) {
      throw new DarumaError("DRM-DUPLICATE-WORKFLOW", {
        message: `Two workflows of ${quoted(path)} have the name ${quoted(name)}.`,
        subject: name,
      });
    }
    seen.add(name);
  }
}

function noWorkflow(path: string, names: readonly string[]): DarumaError {
  return new DarumaError("DRM-MODULE", {
    message: `The module ${quoted(path)} exports no workflow.`,
    subject: path,
    expected: "an export that is the result of workflow()",
    found: names.length === 0 ? "no exports" : names.map(printable).join(", "),
    fix: 'Export it: export const hello = workflow("hello", async (name: string) => …)',
  });
}
