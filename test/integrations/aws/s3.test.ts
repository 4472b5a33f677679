// S3 without the AWS SDK: over HTTP, and in local folders that nothing gets out of.
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ServiceHost } from "../../../src/integrations/aws/host.ts";
import { elements, textOfElement } from "../../../src/integrations/aws/s3/xml.ts";
import type { Json } from "../../../src/notations/asl/json.ts";
import { callOptions, closing, context, failureOf, host, invoke } from "./support/calls.ts";
import { serveObjects } from "./support/servers.ts";

const action = (name: string): string => `arn:aws:states:::aws-sdk:s3:${name}`;

describe("S3 over HTTP", () => {
  it("puts the JSON text of a body, and gets it back as text", async () => {
    const server = closing(await serveObjects());
    const services = host({ s3Endpoint: server.url });
    const at = { Bucket: "bucket", Key: "a folder/ü&?.json" };
    const put = await invoke(services, action("putObject"), { ...at, Body: { Hello: "world" } });
    expect(put).toEqual({
      ChecksumCRC32: expect.stringMatching(/^[A-Za-z0-9+/]{6}==$/) as string,
      ChecksumType: "FULL_OBJECT",
      ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as string,
      ServerSideEncryption: "AES256",
    });
    expect(server.objects.get("bucket/a folder/ü&?.json")?.toString()).toBe('{"Hello":"world"}');
    expect(server.seen[0]?.headers["content-type"]).toBe("text/plain; charset=UTF-8");
    expect(await invoke(services, action("getObject"), at)).toEqual({
      AcceptRanges: "bytes",
      Body: '{"Hello":"world"}',
      ContentLength: 17,
      ContentType: "binary/octet-stream",
      ETag: (put as { ETag: string }).ETag,
      LastModified: "2026-01-01T00:00:00Z",
      Metadata: {},
      ServerSideEncryption: "AES256",
    });
    await invoke(services, action("putObject"), { ...at, Body: "text" });
    expect(server.objects.get("bucket/a folder/ü&?.json")?.toString()).toBe('"text"');
  });

  it("looks, lists and deletes", async () => {
    const server = closing(await serveObjects());
    const services = host({ s3Endpoint: server.url });
    for (const key of ["a/1", "a/2&3", "b/1"]) server.objects.set(`bucket/${key}`, Buffer.from(key));
    expect(await invoke(services, action("headObject"), { Bucket: "bucket", Key: "a/1" })).toMatchObject({
      ContentLength: 3,
    });
    const list = await invoke(services, action("listObjectsV2"), {
      Bucket: "bucket",
      Prefix: "a/",
      MaxKeys: 1,
    });
    expect(list).toMatchObject({ Contents: [{ Key: "a/1", Size: 3 }], IsTruncated: true, KeyCount: 1 });
    const ContinuationToken = (list as { NextContinuationToken: string }).NextContinuationToken;
    expect(
      await invoke(services, action("listObjectsV2"), { Bucket: "bucket", Prefix: "a/", ContinuationToken }),
    ).toMatchObject({ Contents: [{ Key: "a/2&3" }], IsTruncated: false });
    expect(await invoke(services, action("deleteObject"), { Bucket: "bucket", Key: "a/1" })).toEqual({});
    expect(server.objects.has("bucket/a/1")).toBe(false);
  });

  it("words refusals as the SDK for Java does", async () => {
    const services = host({ s3Endpoint: closing(await serveObjects()).url });
    expect(await failureOf(invoke(services, action("getObject"), { Bucket: "bucket", Key: "none" }))).toEqual(
      {
        error: "S3.NoSuchKeyException",
        cause:
          "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: R1, Extended Request ID: X1)",
      },
    );
    expect(await failureOf(invoke(services, action("listObjects"), { Bucket: "missing" }))).toEqual({
      error: "S3.NoSuchBucketException",
      cause:
        "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: R1, Extended Request ID: X1)",
    });
    const optimized = await failureOf(
      invoke(services, "arn:aws:states:::s3:getObject", { Bucket: "b", Key: "k" }),
    );
    expect(optimized.cause).toContain(
      "(Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Request ID: R1;",
    );
    expect((await failureOf(invoke(services, action("getObject"), { Bucket: "b" }))).cause).toContain(
      "'Key'",
    );
  });

  it("is read from XML without attributes", () => {
    expect(elements("<a><b>1</b><b>&lt;&#65;&#x42;&amp;amp;</b></a>", "b")).toEqual([
      "1",
      "&lt;&#65;&#x42;&amp;amp;",
    ]);
    expect(textOfElement("<b>&lt;&#65;&#x42;&amp;amp;&unknown;&#x110000;</b>", "b")).toBe(
      "<AB&amp;&unknown;&#x110000;",
    );
    expect(textOfElement("<b>never closed", "b")).toBe(undefined);
  });
});

describe("a local folder", () => {
  let root = "";
  let services: ServiceHost;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "daruma-test-"));
    await mkdir(join(root, "data"));
    services = host({ files: { root: join(root, "data") } });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const write = (bucket: string, key: string, body = "x"): Promise<void> =>
    services.write({ bucket, key, body, contentType: "application/json", context }, callOptions());

  it("is a bucket", async () => {
    await write("file:./out", "run/1/result.json", "[1]");
    expect(await readFile(join(root, "data/out/run/1/result.json"), "utf8")).toBe("[1]");
    const at = { Bucket: "file:out", Key: "run/1/result.json" };
    expect(await invoke(services, action("getObject"), at)).toMatchObject({ Body: "[1]", ContentLength: 3 });
    expect(await invoke(services, action("headObject"), at)).toMatchObject({ ContentLength: 3 });
    await invoke(services, action("putObject"), { Bucket: "file:out", Key: "run.json", Body: 1 });
    const list = await invoke(services, action("listObjectsV2"), { Bucket: "file:out" });
    expect((list as { Contents: { Key: string }[] }).Contents.map((one) => one.Key)).toEqual([
      "run.json",
      "run/1/result.json",
    ]);
    await invoke(services, action("deleteObject"), at);
    expect((await failureOf(invoke(services, action("getObject"), at))).error).toBe("S3.NoSuchKeyException");
  });

  it("holds whole objects only", async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => write("file:.", "same", String(index).repeat(1000))),
    );
    const body = await readFile(join(root, "data/same"), "utf8");
    expect(new Set(body.match(/\d\d?/g)).size).toBeLessThanOrEqual(2);
    expect(body.length % 1000).toBe(0);
    expect(await readdir(join(root, "data"))).toEqual(["same"]);
  });

  it("lets nothing out: no dots, no absolute paths, no links", async () => {
    await writeFile(join(root, "secret"), "secret");
    await mkdir(join(root, "data-beside"));
    await symlink(root, join(root, "data/up"));
    await symlink(join(root, "secret"), join(root, "data/link"));
    const places: [string, string][] = [
      ["file:.", "../secret"],
      ["file:..", "secret"],
      ["file:a/../..", "secret"],
      [`file:${root}`, "secret"],
      ["file:.", join(root, "secret")],
      ["file:.", "up/secret"],
      ["file:up", "secret"],
      ["file:.", "link"],
      ["file:.", "../data-beside/x"],
      ["file:.", "a\0b"],
    ];
    for (const [Bucket, Key] of places) {
      const got = await failureOf(invoke(services, action("getObject"), { Bucket, Key }));
      expect([Bucket, Key, got.error]).toEqual([Bucket, Key, "S3.S3Exception"]);
      expect(got.cause).toContain("is outside of the root folder");
      const wrote = await failureOf(write(Bucket, Key));
      expect([Bucket, Key, wrote.error]).toEqual([Bucket, Key, "States.ResultWriterFailed"]);
    }
    expect((await readdir(root)).toSorted()).toEqual(["data", "data-beside", "secret"]);
    const listed = (await invoke(services, action("listObjectsV2"), { Bucket: "file:." })) as {
      Contents: Json[];
    };
    expect(listed.Contents).toEqual([]);
  });

  it("must be opened, and must be there", async () => {
    const closed = await failureOf(invoke(host(), action("getObject"), { Bucket: "file:.", Key: "a" }));
    expect(closed.cause).toContain("give files.root");
    const missing = await failureOf(invoke(services, action("listObjectsV2"), { Bucket: "file:none" }));
    expect(missing.error).toBe("S3.NoSuchBucketException");
    expect((await failureOf(write("file:.", "folder/"))).error).toBe("States.ResultWriterFailed");
  });
});
