/**
 * Where an object of a local bucket is. The rule: nothing that a state machine names is outside of the root, neither by `..` nor by an absolute path nor
 * through a symbolic link. Links are resolved for the longest part of the path that exists; what does not exist yet can be no link.
 */
import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { randomUUID } from "node:crypto";
import { ServiceFailure } from "../failure.ts";

/** Names of objects that are being written begin with this. */
export const UNFINISHED = ".daruma-unfinished-";

/** @param root An existing folder. @returns An absolute path without links. @throws ServiceFailure AccessDenied, NoSuchBucket */
export async function localPath(root: string, folder: string, key: string): Promise<string> {
  const top = await realpath(resolve(root)).catch(() => {
    throw localFailure("NoSuchBucket", `The root folder of local buckets does not exist: ${root}`, 404);
  });
  const named = [folder, key];
  if (named.some((one) => one.includes("\0") || isAbsolute(one))) throw outside(named);
  const wanted = resolve(top, folder, key);
  if (!within(top, wanted)) throw outside(named);
  const real = await realOf(wanted);
  if (!within(top, real)) throw outside(named);
  return real;
}

async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return join(await realOf(dirname(path)), relative(dirname(path), path));
  }
}

function within(top: string, path: string): boolean {
  return path === top || path.startsWith(top.endsWith(sep) ? top : top + sep);
}

function outside(named: readonly string[]): ServiceFailure {
  return localFailure(
    "AccessDenied",
    `${named.join("/")} is outside of the root folder of local buckets.`,
    403,
  );
}

export function localFailure(code: string, message: string, status: number): ServiceFailure {
  const known = code.startsWith("NoSuch");
  return new ServiceFailure({
    code,
    message,
    status,
    requestId: randomUUID(),
    extendedRequestId: randomUUID(),
    known,
  });
}
