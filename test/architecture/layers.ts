// The table of allowed imports: folders of src/ are layers, and what is not allowed here is forbidden.
// A folder that has no row is not part of the design and fails the test.

export interface Rule {
  readonly imports: readonly string[];
  /** Layers of which only types may be imported. */
  readonly types?: readonly string[];
}

/** "*" stands for every layer. The members of `stores` and `notations` are layers of their own. */
export const RULES: Readonly<Record<string, Rule>> = {
  core: { imports: [] },
  workflow: { imports: ["core"] },
  store: { imports: ["core"] },
  telemetry: { imports: ["core"] },
  stores: { imports: ["core", "store"] },
  engine: { imports: ["core", "workflow", "store", "telemetry"] },
  notations: { imports: ["core", "workflow"] },
  client: { imports: ["core", "workflow", "store"], types: ["engine"] },
  // What state machines reach outside: services, files, child processes.
  integrations: { imports: ["core", "workflow", "notations"] },
  // Puts a store, an engine and a client together in one process; see docs/adr/0005-embedded-and-testing-layers.md.
  // It serves other processes of its user too, so that one file has one engine and many clients.
  embedded: {
    imports: [
      "core",
      "workflow",
      "store",
      "stores",
      "engine",
      "client",
      "server",
      "telemetry",
      "notations",
      "integrations",
    ],
  },
  // It is handed a store's parts, it builds none.
  server: { imports: ["core", "client", "engine", "notations", "telemetry"], types: ["store"] },
  testing: { imports: ["core", "workflow", "store", "stores", "engine", "client", "embedded", "telemetry"] },
  cli: { imports: ["*"] },
  entries: { imports: ["*"] },
};

const NESTED = new Set(["stores", "notations"]);

/** `src/core/ids.ts` → `core`; `src/stores/sqlite/runs.ts` → `stores/sqlite`; `src/index.ts` → `entries`. */
export function layerOf(path: string): string {
  const [, folder = "", member = "", ...rest] = path.split("/");
  if (member === "") return "entries";
  return NESTED.has(folder) && rest.length > 0 ? `${folder}/${member}` : folder;
}

/** Whether code of layer `from` may import from layer `to`. */
export function allows(from: string, to: string, typeOnly: boolean): boolean {
  if (from === to) return true;
  const rule = RULES[family(from)];
  if (rule === undefined) return false;
  const open = [...rule.imports, ...(typeOnly ? (rule.types ?? []) : [])];
  return open.includes("*") || open.includes(family(to));
}

/** The row of the table that a layer belongs to. */
export function family(layer: string): string {
  return layer.split("/")[0] ?? layer;
}
