/**
 * What HTTP tasks send along, from a file: what Amazon EventBridge keeps in its connections on AWS.
 *
 * The file is a JSON object. Its keys are connections by ARN or by name; each has any of
 * - `headers` and `queryParameters`: texts by name;
 * - `basic`: `{ "username", "password" }`, which become the header `Authorization`;
 * - `allowedAddresses`: link-local addresses that tasks with this connection may reach.
 *
 * Invariants:
 * - Everywhere in a text `${env:NAME}` stands for an environment variable; one that is not set is an error, not an empty secret.
 * - No message shows a value of the file or of the environment: they may be secrets. So messages name places only.
 */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { quoted } from "../core/errors.ts";
import type { HttpConnection } from "../integrations/aws/options.ts";
import { usageError } from "./usage-error.ts";

export type Connections = Readonly<Record<string, HttpConnection>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** A value in the file, and where it is. */
interface Found {
  readonly value: unknown;
  readonly place: readonly string[];
}

/** @throws DarumaError DRM-USAGE when the file cannot be read or is not as described above */
export function readConnections(path: string, environment: Environment): Connections {
  return new Reading(path, environment).connections();
}

/** @throws DarumaError DRM-USAGE */
export function addressesIn(text: string, option: string): readonly string[] {
  const addresses = text.split(",").map((one) => one.trim());
  const wrong = addresses.find((one) => isIP(one) === 0);
  if (wrong === undefined) return addresses;
  throw usageError(`The option --${option} needs IP addresses.`, {
    expected: "addresses with commas between them, for example 169.254.1.1",
    found: quoted(wrong),
  });
}

class Reading {
  readonly #path: string;
  readonly #environment: Environment;

  constructor(path: string, environment: Environment) {
    this.#path = path;
    this.#environment = environment;
  }

  connections(): Connections {
    const all = this.#members({ value: this.#parsed(), place: [] }, undefined);
    return Object.fromEntries(all.map(([name, found]) => [name, this.#connection(found)]));
  }

  #connection(found: Found): HttpConnection {
    const fields = new Map(this.#members(found, ["headers", "queryParameters", "basic", "allowedAddresses"]));
    const [headers, query] = [fields.get("headers"), fields.get("queryParameters")];
    const [basic, allowed] = [fields.get("basic"), fields.get("allowedAddresses")];
    return {
      headers: {
        ...(headers === undefined ? {} : this.#texts(headers)),
        ...(basic === undefined ? {} : this.#authorization(basic)),
      },
      ...(query === undefined ? {} : { queryParameters: this.#texts(query) }),
      ...(allowed === undefined ? {} : { allowedAddresses: this.#addresses(allowed) }),
    };
  }

  #texts(found: Found): Record<string, string> {
    return Object.fromEntries(
      this.#members(found, undefined).map(([name, one]) => [name, this.#text(one)] as const),
    );
  }

  /** RFC 7617, with the name and the password in UTF-8. */
  #authorization(found: Found): Record<string, string> {
    const fields = new Map(this.#members(found, ["username", "password"]));
    const [username, password] = ["username", "password"].map((name) =>
      this.#text(fields.get(name) ?? { value: undefined, place: [...found.place, name] }),
    );
    return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  }

  #addresses({ value, place }: Found): readonly string[] {
    if (!Array.isArray(value)) throw this.#wrong(place, "a list of IP addresses");
    return value.map((one: unknown, index) => {
      const address = this.#text({ value: one, place: [...place, String(index)] });
      if (isIP(address) === 0) throw this.#wrong([...place, String(index)], "an IP address");
      return address;
    });
  }

  #text({ value, place }: Found): string {
    if (typeof value !== "string") throw this.#wrong(place, "a text");
    return value.replaceAll(/\$\{env:([^}]*)\}/gu, (_, name: string) => {
      const set = this.#environment[name];
      if (set !== undefined) return set;
      throw usageError(`${this.#where(place)} needs the environment variable ${quoted(name)}.`, {
        fix: `Set ${name} where the server is started.`,
      });
    });
  }

  /** The members of an object that has no others than `known`. */
  #members({ value, place }: Found, known: readonly string[] | undefined): (readonly [string, Found])[] {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw this.#wrong(place, "an object");
    return Object.entries(value).map(([name, member]: [string, unknown]) => {
      if (known?.includes(name) === false)
        throw usageError(`${this.#where(place)} has the member ${quoted(name)}, which is not known.`, {
          expected: `one of ${known.join(", ")}`,
        });
      return [name, { value: member, place: [...place, name] }];
    });
  }

  #parsed(): unknown {
    const text = this.#read();
    try {
      return JSON.parse(text.replace(/^\ufeff/u, ""));
    } catch (error) {
      // The message of a parser shows what it stumbled on. Where it was is enough.
      const at = error instanceof Error ? /\(line \d+ column \d+\)/u.exec(error.message)?.[0] : undefined;
      throw usageError(
        `The file ${quoted(this.#path)} of the option --connections is no JSON${at === undefined ? "" : ` ${at}`}.`,
      );
    }
  }

  #read(): string {
    try {
      return readFileSync(this.#path, "utf8");
    } catch (error) {
      throw usageError(`The file ${quoted(this.#path)} of the option --connections cannot be read.`, {
        found: error instanceof Error ? error.message : String(error),
      });
    }
  }

  #wrong(place: readonly string[], expected: string): Error {
    return usageError(`${this.#where(place)} is not what it must be.`, { expected });
  }

  #where(place: readonly string[]): string {
    const file = `the file ${quoted(this.#path)} of the option --connections`;
    return place.length === 0 ? `In ${file} the whole` : `In ${file} ${place.map(quoted).join(" › ")}`;
  }
}
