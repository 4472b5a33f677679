// Where the process that has a database open listens, and who may be trusted to answer there.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { databaseOf, isTrusted, localAddresses } from "../../src/client/http-address.ts";
import { holderOf } from "../../src/client/http-holder.ts";
import { newFolder } from "../cli/support/world.ts";

describe("the address of a database", () => {
  it("is beside it, and the same however its path is written", () => {
    const folder = newFolder();
    const path = join(folder, "daruma.db");
    const [beside, ...others] = localAddresses(path);
    expect(beside).toMatch(/daruma\.db\.sock$/u);
    expect(others).toHaveLength(1);
    const link = join(folder, "link");
    symlinkSync(folder, link);
    writeFileSync(path, "");
    for (const written of [
      relative(process.cwd(), path),
      join(folder, "x", "..", "daruma.db"),
      join(link, "daruma.db"),
    ])
      expect(localAddresses(written)).toEqual([beside, ...others]);
    symlinkSync(path, join(folder, "other.db"));
    expect(localAddresses(join(folder, "other.db"))).toEqual([beside, ...others]);
  });

  it("is a short one elsewhere where the path is too long for a socket", () => {
    const long = join(newFolder(), "x".repeat(120), "daruma.db");
    const addresses = localAddresses(long, { privateFolder: "/tmp/own" });
    expect(addresses).toEqual([expect.stringMatching(/^\/tmp\/own\/[0-9a-f]{32}\.sock$/u)]);
    expect(localAddresses(`${long}2`, { privateFolder: "/tmp/own" })).not.toEqual(addresses);
  });

  it("is a named pipe on Windows", () => {
    expect(localAddresses("daruma.db", { platform: "win32" })).toEqual([
      expect.stringMatching(/^\\\\\.\\pipe\\daruma-[0-9a-f]{32}$/u),
    ]);
  });

  it("is there for files only", () => {
    expect(databaseOf("sqlite:./a.db")).toBe("./a.db");
    for (const url of ["memory:", "sqlite:", "sqlite::memory:", "postgres://x"])
      expect(databaseOf(url)).toBeUndefined();
  });

  it("is not trusted in a folder that others can write to, or that is not one", () => {
    const folder = join(newFolder(), "shared");
    const [address = ""] = localAddresses("/nowhere/x.db", { privateFolder: folder }).slice(-1);
    expect(isTrusted(address, "/nowhere/x.db")).toBe(false);
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    expect(isTrusted(address, "/nowhere/x.db")).toBe(false);
    chmodSync(folder, 0o700);
    expect(isTrusted(address, "/nowhere/x.db")).toBe(true);
  });
});

describe("the holder of a file", () => {
  const path = import.meta.filename;

  it("is read from the system's table of locks", async () => {
    const { statSync } = await import("node:fs");
    const { dev, ino } = statSync(path);
    const two = (value: number): string => value.toString(16).padStart(2, "0");
    const device = `${two((dev >> 8) & 0xfff)}:${two((dev & 0xff) | ((dev >> 12) & 0xfff00))}`;
    const line = (pid: number, inode: number): string =>
      `1: POSIX  ADVISORY  WRITE ${pid} ${device}:${inode} 0 EOF`;
    expect(holderOf(path, [line(4, ino + 1), line(process.pid, ino), line(4711, ino)].join("\n"))).toBe(4711);
    expect(holderOf(path, line(4711, ino + 1))).toBeUndefined();
  });

  it("is not known where there is no file, or no table", () => {
    expect(holderOf("/nowhere/x.db", "")).toBeUndefined();
    expect(holderOf(path, "garbage\n\u0000")).toBeUndefined();
  });
});
