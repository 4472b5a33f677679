// The file of --connections: what is read, what is refused, and that no message shows a secret.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addressesIn, type Connections, readConnections } from "../../src/cli/connections-file.ts";
import { DarumaError } from "../../src/core/errors.ts";
import { newFolder } from "./support/world.ts";

const environment = { TOKEN: "s3cret", PASSWORD: "pä$$", EMPTY: "" };

function read(content: unknown): Connections {
  const path = join(newFolder(), "connections.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return readConnections(path, environment);
}

function refusal(work: () => unknown): DarumaError {
  try {
    work();
  } catch (error) {
    if (error instanceof DarumaError) return error;
    throw error;
  }
  return expect.unreachable("it is refused");
}

describe("a file of connections", () => {
  it("gives headers, parameters, authorizations and addresses by connection, with variables in place", () => {
    const arn = "arn:aws:events:us-east-1:123456789012:connection/billing/1";
    const text = JSON.stringify({
      [arn]: {
        headers: { Authorization: "Bearer ${env:TOKEN}", "X-Plain": "$HOME ${TOKEN}" },
        queryParameters: { key: "${env:TOKEN}-${env:TOKEN}", none: "${env:EMPTY}" },
        allowedAddresses: ["169.254.1.1", "fe80::1"],
      },
      ledger: { basic: { username: "me", password: "${env:PASSWORD}" } },
      open: {},
    });
    expect(read(`\ufeff${text}`)).toEqual({
      [arn]: {
        headers: { Authorization: "Bearer s3cret", "X-Plain": "$HOME ${TOKEN}" },
        queryParameters: { key: "s3cret-s3cret", none: "" },
        allowedAddresses: ["169.254.1.1", "fe80::1"],
      },
      ledger: { headers: { Authorization: `Basic ${Buffer.from("me:pä$$").toString("base64")}` } },
      open: { headers: {} },
    });
  });

  it.each([
    ["a list", [], "the whole is not what it must be", "an object"],
    ["null", null, "the whole is not what it must be", "an object"],
    ["a connection that is a text", { a: "hidden" }, '"a" is not', "an object"],
    ["an unknown member", { a: { header: {} } }, 'the member "header"', "one of headers, queryParameters"],
    ["a header that is no text", { a: { headers: { h: 7 } } }, '"a" › "headers" › "h" is not', "a text"],
    ["headers in a list", { a: { headers: ["hidden"] } }, '"a" › "headers" is not', "an object"],
    ["no password", { a: { basic: { username: "u" } } }, '"a" › "basic" › "password" is not', "a text"],
    ["one address", { a: { allowedAddresses: "169.254.1.1" } }, '"allowedAddresses" is not', "a list of IP"],
    ["a name for an address", { a: { allowedAddresses: ["hidden"] } }, '"0" is not', "an IP address"],
  ])("refuses %s, and says where it is", (_, content, message, expected) => {
    const error = refusal(() => read(content));
    expect(error).toMatchObject({ code: "DRM-USAGE" });
    expect(error.message).toContain(message);
    expect(error.message).toContain(expected);
    expect(error.message).not.toContain("hidden");
  });

  it("refuses a variable that is not set, by its name", () => {
    const error = refusal(() => read({ a: { headers: { h: "${env:TOKEN} ${env:NOT_SET}" } } }));
    expect(error).toMatchObject({ code: "DRM-USAGE" });
    expect(error.message).toContain('"a" › "headers" › "h" needs the environment variable "NOT_SET"');
    expect(error.message).not.toContain("s3cret");
  });

  it("refuses what is no JSON without showing it, and files that are not there", () => {
    const broken = refusal(() => read('{"a": {"headers": {"h": "hidden" "x"}}}'));
    expect(broken.message).toMatch(/is no JSON(?: \(line 1 column \d+\))?\./u);
    for (const text of ["hidden", '{"a": hidden}', '{"hidden'])
      expect(refusal(() => read(text)).message).not.toContain("hidden");
    const missing = refusal(() => readConnections(join(newFolder(), "none.json"), {}));
    expect(missing).toMatchObject({ code: "DRM-USAGE" });
    expect(missing.message).toContain("ENOENT");
  });
});

describe("addresses of --allow-address", () => {
  it("are IP addresses with commas between them", () => {
    expect(addressesIn("169.254.1.1, fe80::1", "allow-address")).toEqual(["169.254.1.1", "fe80::1"]);
    for (const wrong of ["", "localhost", "169.254.1.1,", "169.254.0.0/16"])
      expect(refusal(() => addressesIn(wrong, "allow-address"))).toMatchObject({ code: "DRM-USAGE" });
  });
});
