/**
 * Where the process that has a database open listens, so that other processes of the same user find it by the database's path alone.
 *
 * Invariants:
 * - The same database has the same addresses, however its path is written.
 * - An address in a folder that others can write to is never used: somebody else could answer there.
 */
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/** Bytes that fit into the address of a Unix socket, without the NUL at its end (unix(7); BSD and macOS have four fewer). */
const longestBytes = process.platform === "linux" ? 107 : 103;

/** Where to look for sockets; tests hand in their own. */
export interface AddressOptions {
  readonly platform?: string | undefined;
  /** The folder for sockets whose path beside the database would be too long. Default: one of this user's own in the system's temporary folder. */
  readonly privateFolder?: string | undefined;
}

/** The path of the file behind a store's URL; undefined if the store is no file that another process could want. */
export function databaseOf(url: string): string | undefined {
  const path = url.startsWith("sqlite:") ? url.slice("sqlite:".length) : "";
  return path === "" || path === ":memory:" ? undefined : path;
}

/** The addresses of a database, best first: the process listens at the first that it can have, and is looked for at each. */
export function localAddresses(database: string, options: AddressOptions = {}): string[] {
  const file = realPath(database);
  const name = createHash("sha256").update(file).digest("hex").slice(0, 32);
  if ((options.platform ?? process.platform) === "win32") return [`\\\\.\\pipe\\daruma-${name}`];
  const beside = `${file}.sock`;
  const short = join(options.privateFolder ?? ownFolder(), `${name}.sock`);
  return [beside, short].filter((address) => Buffer.byteLength(address) <= longestBytes);
}

/** True if nobody but this user can put a socket there, or the place beside the database was meant (whoever can write there can change the database). */
export function isTrusted(address: string, database: string): boolean {
  const folder = dirname(address);
  if (process.platform === "win32" || address === `${realPath(database)}.sock`) return true;
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const own = found?.isDirectory() === true && found.uid === process.getuid?.();
  return own && (found.mode & 0o077) === 0;
}

/** Makes the folder of an address that is not beside its database. */
export function makeFolder(address: string): void {
  if (process.platform !== "win32") mkdirSync(dirname(address), { recursive: true, mode: 0o700 });
}

function ownFolder(): string {
  return join(tmpdir(), `daruma-${process.getuid?.() ?? 0}`);
}

/** The path without links; the file itself may not exist yet. */
function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    return join(realFolder(dirname(absolute)), basename(absolute));
  }
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
