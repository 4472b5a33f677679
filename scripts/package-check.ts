// Holds the package to what its users will get: builds a copy of the sources in a temporary folder, packs it, lets
// publint and attw judge the tarball, then unpacks it into an empty project, imports every entry there, and starts
// the command. Nothing in the checkout is touched, so it cannot pass because of a file that is only here.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { run } from "./run.ts";

interface Manifest {
  name: string;
  version: string;
  exports: Record<string, unknown>;
  dependencies?: Record<string, string>;
}

const PARTS = ["bin", "src", "package.json", "tsconfig.json", "tsconfig.build.json", "LICENSE", "README.md"];
const checkout = resolve(import.meta.dirname, "..");
const work = mkdtempSync(join(tmpdir(), "daruma-package-"));
const manifest = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as Manifest;

async function must(commandLine: string, cwd: string): Promise<void> {
  const ran = await run(commandLine, cwd);
  if (!ran.ok) throw new Error(`${commandLine}\n${ran.output}`);
}

async function pack(): Promise<string> {
  const stage = join(work, "stage");
  for (const part of PARTS) cpSync(join(checkout, part), join(stage, part), { recursive: true });
  symlinkSync(join(checkout, "node_modules"), join(stage, "node_modules"));
  await must(`node ${join(checkout, "scripts/build.ts")} ${stage}`, checkout);
  await must(`npm pack --ignore-scripts --pack-destination ${work}`, stage);
  return join(work, `${manifest.name}-${manifest.version}.tgz`);
}

/** An empty project that has the tarball, its dependencies and Node's types, and nothing else. */
async function install(tarball: string): Promise<string> {
  const modules = join(work, "user", "node_modules");
  const home = join(modules, manifest.name);
  mkdirSync(home, { recursive: true });
  await must(`tar -xzf ${tarball} -C ${home} --strip-components=1`, work);
  for (const name of ["@types/node", "undici-types", ...Object.keys(manifest.dependencies ?? {})]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    cpSync(join(checkout, "node_modules", name), join(modules, name), { recursive: true });
  }
  return join(work, "user");
}

/** Imports every entry, at run time and for the compiler, which reads all declarations that the entries lead to. */
async function use(user: string): Promise<void> {
  const entries = Object.keys(manifest.exports).filter((path) => !path.endsWith(".json"));
  const lines = entries.map(
    (path, index) => `import * as e${index} from "${manifest.name}${path.slice(1)}";`,
  );
  const names = entries.map((_path, index) => `e${index}`).join(", ");
  writeFileSync(join(user, "use.mts"), `${lines.join("\n")}\nconsole.log(${names});\n`);
  await must("node use.mts", user);
  await must("tsc --noEmit --strict --module nodenext --target es2025 --types node use.mts", user);
  await must("node node_modules/daruma/bin/daruma.js --help", user);
}

async function check(): Promise<void> {
  const tarball = await pack();
  await must(`publint run --strict ${tarball}`, checkout);
  await must(`attw ${tarball} --profile esm-only`, checkout);
  await use(await install(tarball));
}

try {
  await check();
} finally {
  rmSync(work, { recursive: true, force: true });
}
