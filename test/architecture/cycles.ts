import type { Source } from "./sources.ts";

/** One import cycle as a list of paths that ends where it began, or undefined. Imports of types do not count. */
export function findCycle(sources: readonly Source[]): string[] | undefined {
  const edges = new Map(sources.map((source) => [source.path, valueTargets(source)]));
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): string[] | undefined => {
    if (finished.has(path)) return undefined;
    const seenAt = trail.indexOf(path);
    if (seenAt >= 0) return [...trail.slice(seenAt), path];
    trail.push(path);
    const found = firstOf(edges.get(path) ?? [], visit);
    trail.pop();
    finished.add(path);
    return found;
  };
  return firstOf([...edges.keys()], visit);
}

function valueTargets(source: Source): string[] {
  return source.imports.flatMap((one) => (one.typeOnly || one.target === undefined ? [] : [one.target]));
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
