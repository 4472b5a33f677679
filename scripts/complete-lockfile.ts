// Completes package-lock.json with the optional packages of other platforms (`npm run lockfile`, after each install
// that changed it). npm leaves out the ones that the registry in use does not serve, and `npm ci` then refuses the
// lockfile that npm itself wrote. The entries say for which platform they are, so that npm skips them on every other
// one without asking a registry; where they fit, npm fetches exactly the version that the parent package pins.
import { readFileSync, writeFileSync } from "node:fs";

interface Entry {
  version: string;
  cpu?: string[];
  dev?: boolean;
  libc?: string[];
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  os?: string[];
}

interface Lockfile {
  packages: Record<string, Entry>;
}

const LIBC: Record<string, string> = { gnu: "glibc", musl: "musl" };

/** `@oxlint/binding-linux-arm64-musl` → for linux, arm64, musl. The name is all there is to know it from. */
function entryFor(name: string, version: string, dev: boolean): Entry | undefined {
  const found =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)(?:-(\w+))?$/;
  const [, os, cpu, abi = ""] = found.exec(name) ?? [];
  if (os === undefined || cpu === undefined || !/^\d+\.\d+\.\d+$/.test(version)) return undefined;
  const libc = os === "linux" ? LIBC[abi.replace(/eabihf$/, "")] : undefined;
  return {
    version,
    cpu: [cpu],
    ...(dev ? { dev } : {}),
    ...(libc === undefined ? {} : { libc: [libc] }),
    optional: true,
    os: [os],
  };
}

function complete(lockfile: Lockfile): string[] {
  const added: string[] = [];
  for (const parent of Object.values(lockfile.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      const entry = path in lockfile.packages ? undefined : entryFor(name, version, parent.dev === true);
      if (entry === undefined) continue;
      lockfile.packages[path] = entry;
      added.push(name);
    }
  }
  const [root, ...rest] = Object.entries(lockfile.packages);
  const sorted = rest.toSorted(([a], [b]) => a.localeCompare(b, "en"));
  lockfile.packages = Object.fromEntries(root === undefined ? sorted : [root, ...sorted]);
  return added;
}

const path = process.argv[2] ?? "package-lock.json";
const lockfile = JSON.parse(readFileSync(path, "utf8")) as Lockfile;
const added = complete(lockfile);
writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
console.log(added.length === 0 ? "The lockfile is complete." : `Added ${added.length}: ${added.join(", ")}`);
