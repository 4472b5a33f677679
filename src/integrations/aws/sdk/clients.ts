/**
 * Clients of the AWS SDK for JavaScript, which is not a dependency: a package that is installed is loaded when a task first needs it, from where this
 * library is installed or from the working directory. Credentials are the SDK's business.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ServiceOptions } from "../options.ts";
import { javaName, packageOf, pascal } from "./names.ts";
import { shapeOf, type Shape } from "./shape.ts";

export interface SdkClient {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<object>;
  destroy(): void;
  readonly config: { readonly serviceId?: string };
  readonly middlewareStack: {
    add(
      middleware: unknown,
      options: { readonly step: string; readonly name: string; readonly override: boolean },
    ): void;
  };
}

/** A loaded package with its client. */
export interface Sdk {
  readonly client: SdkClient;
  /** As error names have it. */
  readonly name: string;
  /** True if the package has a class for errors with this code. */
  knows(code: string): boolean;
  /** Undefined: the service has no such action. */
  command(action: string): Command | undefined;
}

export interface Command {
  readonly input: Shape;
  readonly output: Shape;
  make(input: unknown): object;
}

type Module = Readonly<Record<string, unknown>>;
type Constructor<T> = new (input: unknown) => T;

export class SdkClients {
  readonly #options: ServiceOptions;
  readonly #loaded = new Map<string, Promise<Sdk | undefined>>();

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** @param service As in the resource. Undefined: its package is not installed. */
  async of(service: string, sdk: boolean): Promise<Sdk | undefined> {
    const key = `${packageOf(service, sdk)} ${service}`;
    const loading = this.#loaded.get(key) ?? this.#load(service, sdk);
    this.#loaded.set(key, loading);
    const loaded = await loading;
    // It may be installed while the process runs; what is there stays.
    if (loaded === undefined) this.#loaded.delete(key);
    return loaded;
  }

  async close(): Promise<void> {
    const all = await Promise.all(this.#loaded.values());
    this.#loaded.clear();
    for (const sdk of all) sdk?.client.destroy();
  }

  async #load(service: string, sdk: boolean): Promise<Sdk | undefined> {
    const found = await importPackage(packageOf(service, sdk));
    const name = Object.keys(found ?? {}).find((one) => /^[A-Z0-9]\w*Client$/.test(one) && one !== "Client");
    if (found === undefined || name === undefined) return undefined;
    const client = new (found[name] as Constructor<SdkClient>)(this.#settings(service));
    return sdkOf(found, client, service);
  }

  #settings(service: string): object {
    const { region, endpoints = {}, s3Endpoint } = this.#options;
    const own = Object.hasOwn(endpoints, service) ? endpoints[service] : undefined;
    const endpoint = own ?? (service === "s3" ? s3Endpoint : undefined);
    if (endpoint === undefined) return { region };
    return { region, endpoint, ...(service === "s3" ? { forcePathStyle: true } : {}), ...standIn() };
  }
}

/** A service behind an endpoint of the user's own mostly looks at no credentials, but the SDK sends nothing without any. */
function standIn(): object {
  return hasCredentials() ? {} : { credentials: { accessKeyId: "none", secretAccessKey: "none" } };
}

/** Whether the environment says where credentials are. */
export function hasCredentials(environment: NodeJS.ProcessEnv = process.env): boolean {
  return [
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  ].some((name) => (environment[name] ?? "") !== "");
}

function sdkOf(found: Module, client: SdkClient, service: string): Sdk {
  return {
    client,
    name: javaName(client.config.serviceId ?? pascal(service)),
    knows: (code) => typeof found[code] === "function",
    command: (action) => commandOf(found, action),
  };
}

function commandOf(found: Module, action: string): Command | undefined {
  const wanted = `${action}command`.toLowerCase();
  const name = Object.keys(found).find((one) => one.toLowerCase() === wanted);
  const constructor = name === undefined ? undefined : found[name];
  if (typeof constructor !== "function") return undefined;
  const make = (input: unknown): object => new (constructor as Constructor<object>)(input);
  const sample = make({});
  const schema = "schema" in sample && Array.isArray(sample.schema) ? (sample.schema as unknown[]) : [];
  return { input: shapeOf(schema[4]), output: shapeOf(schema[5]), make };
}

async function importPackage(name: string): Promise<Module | undefined> {
  const here = await tryImport(name, name);
  if (here !== undefined) return here;
  let path: string;
  try {
    path = createRequire(join(process.cwd(), "package.json")).resolve(name);
  } catch {
    return undefined;
  }
  return tryImport(pathToFileURL(path).href, name);
}

/** Undefined if the package is not there; any other failure to load it is the user's to see. */
async function tryImport(specifier: string, name: string): Promise<Module | undefined> {
  try {
    return (await import(specifier)) as Module;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ERR_MODULE_NOT_FOUND" && text.includes(`'${name}'`)) return undefined;
    throw error;
  }
}
