// The results of a Distributed Map in files.
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { reader, withFiles, writer, written } from "./files.ts";
import { chain, distributed, openReal, task } from "./real.ts";

describe("ResultWriter", () => {
  test("writes results, failures and a manifest", async () => {
    const { api, root } = await withFiles({ "a.json": "[1,2,3]" }, (input) => input === 2);
    const state = distributed(
      { F: task("F") },
      { ...reader("a.json", "JSON"), ...writer(), ToleratedFailurePercentage: 50, Label: "L" },
    );
    const { output, executionArn } = await api.run(chain({ Each: state }));
    const { mapRunArn } = await api.mapRun(executionArn);
    const place = `results/${mapRunArn.split(":").at(-1)}`;
    expect(JSON.parse(output)).toEqual({
      MapRunArn: mapRunArn,
      ResultWriterDetails: { Bucket: "file:out", Key: `${place}/manifest.json` },
    });
    expect(readdirSync(join(root, "out", place)).toSorted()).toEqual([
      "FAILED_0.json",
      "SUCCEEDED_0.json",
      "manifest.json",
    ]);
    expect(written(root, `${place}/manifest.json`)).toEqual({
      DestinationBucket: "file:out",
      MapRunArn: mapRunArn,
      ResultFiles: {
        FAILED: [{ Key: `${place}/FAILED_0.json`, Size: expect.any(Number) as number }],
        PENDING: [],
        SUCCEEDED: [{ Key: `${place}/SUCCEEDED_0.json`, Size: expect.any(Number) as number }],
      },
    });
    expect(written(root, `${place}/SUCCEEDED_0.json`)).toMatchObject([
      {
        Input: "1",
        Output: "1",
        Status: "SUCCEEDED",
        StateMachineArn: expect.stringMatching(/\/L$/u) as string,
      },
      { Input: "3", Output: "3", Status: "SUCCEEDED" },
    ]);
    expect(written(root, `${place}/FAILED_0.json`)).toMatchObject([
      { Input: "2", Error: "Broken", Status: "FAILED" },
    ]);
    expect(await api.mapRun(executionArn)).toMatchObject({
      itemCounts: { failed: 1, succeeded: 2, resultsWritten: 2 },
    });
  });

  test.each([
    ["COMPACT", "JSONL", "jsonl", "[1,2]\n[3]\n"],
    ["FLATTEN", "JSONL", "jsonl", "1\n2\n3\n"],
    ["FLATTEN", "JSON", "json", "[1,2,3]"],
  ])("writes %s as %s", async (Transformation, OutputType, ending, text) => {
    const { api, root } = await withFiles({ "a.json": "[[1,2],[3]]" });
    const state = distributed(
      { F: task("F") },
      { ...reader("a.json", "JSON"), ...writer({ WriterConfig: { Transformation, OutputType } }) },
    );
    const { output } = await api.run(chain({ Each: state }));
    const { Key } = (JSON.parse(output) as { ResultWriterDetails: { Key: string } }).ResultWriterDetails;
    expect(
      readFileSync(join(root, "out", Key.replace("manifest.json", `SUCCEEDED_0.${ending}`)), "utf8"),
    ).toBe(text);
  });

  test("without a place shapes the output, in the order of the items", async () => {
    const first = Promise.withResolvers<void>();
    let ended = 0;
    const F = async (input: unknown): Promise<unknown> => {
      if (JSON.stringify(input) === "[1]") await first.promise;
      if (++ended === 2) first.resolve();
      return input;
    };
    const api = await openReal({ handlers: { F } });
    const state = distributed(
      { F: task("F") },
      { ResultWriter: { WriterConfig: { Transformation: "FLATTEN", OutputType: "JSON" } } },
    );
    expect(await api.run(chain({ Each: state }), { input: [[1], [2], [3]] })).toMatchObject({
      output: "[1,2,3]",
    });
  });

  test("writes everything when a failed map run is redriven", async () => {
    let fails = true;
    const { api, root } = await withFiles({ "a.json": "[1,2,3]" }, (input) => fails && input === 2);
    const state = distributed(
      { F: task("F") },
      { ...reader("a.json", "JSON"), ...writer(), MaxConcurrency: 1 },
    );
    const executionArn = await api.start(chain({ Each: state }));
    expect(await api.ended(executionArn)).toMatchObject({ status: "FAILED" });
    fails = false;
    await api.ok("RedriveExecution", { executionArn });
    const { output } = await api.ended(executionArn);
    const { Key } = (JSON.parse(output) as { ResultWriterDetails: { Key: string } }).ResultWriterDetails;
    expect(written(root, Key.replace("manifest", "SUCCEEDED_0"))).toMatchObject([
      { Input: "1" },
      { Input: "2" },
      { Input: "3" },
    ]);
  });

  test("writes to what speaks S3", async () => {
    const objects = new Map<string, string>();
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (request.method === "PUT")
          objects.set((request.url ?? "").split("?")[0] ?? "", Buffer.concat(chunks).toString());
        response.writeHead(200, { etag: '"x"' }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const s3Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const api = await openReal({ s3Endpoint });
    const { status, output } = await api.run(
      chain({ Each: distributed({ P: { Type: "Pass" } }, writer({}, "bucket")) }),
      { input: [1] },
    );
    expect(status).toBe("SUCCEEDED");
    const { Key } = (JSON.parse(output) as { ResultWriterDetails: { Key: string } }).ResultWriterDetails;
    expect([...objects.keys()].toSorted()).toEqual(
      [`/bucket/${Key.replace("manifest", "SUCCEEDED_0")}`, `/bucket/${Key}`].toSorted(),
    );
  });
});
