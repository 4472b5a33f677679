/** `daruma serve` */
import { createWriteStream } from "node:fs";
import { printable } from "../../core/printable.ts";
import type { ServedStepFunctions, ServeOptions } from "../../embedded/step-functions.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { addressesIn, readConnections } from "../connections-file.ts";
import type { Connections } from "../connections-file.ts";
import { exitCodes } from "../exit-code.ts";
import type { EndSignal } from "../io.ts";
import { importModule } from "../module.ts";
import { busyError, reach } from "../reach.ts";
import { handlersOf } from "../state-machine-file.ts";
import { telemetryLines } from "../text/log.ts";
import { usageError } from "../usage-error.ts";

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;

export const serve: Command = {
  name: "serve",
  summary: "Serve the AWS Step Functions API until a signal ends it",
  places: [],
  options: {
    "step-functions": { value: "PORT", help: "The port of the API; 0 for any free one" },
    bind: { value: "ADDRESS", help: "The address to listen on. Default: 127.0.0.1" },
    "allow-host": { value: "NAMES", help: "Further host names of this server, with commas between them" },
    handlers: { value: "MODULE", help: "A module that exports what tasks call, by function name" },
    "lambda-endpoint": { value: "URL", help: "Where Lambda functions are invoked" },
    "s3-endpoint": { value: "URL", help: "Where S3 is" },
    connections: { value: "FILE", help: "What HTTP tasks send along, by connection" },
    "allow-address": { value: "ADDRESSES", help: "Link-local addresses that HTTP tasks may reach" },
    account: { value: "ID", help: "The account in ARNs, 12 digits. Default: 123456789012" },
    region: { value: "NAME", help: "The region in ARNs. Default: us-east-1" },
    "no-aws-limits": { help: "Without AWS's limits: 256 KiB of data, 25,000 events" },
    drain: { value: "DURATION", help: "How long running tasks may finish at the end. Default: 2s" },
    "log-executions": { value: "FILE", help: "Where execution logs go, - for the standard output" },
  },
  details: [
    "AWS's command line and SDKs work against the address that it prints. StartSyncExecution and TestState go to a host with the prefix sync-: see there.",
    'A file of connections has what HTTP tasks send along, by the ARN or the name of the connection: {"billing": {"headers": {"X-Key": "${env:BILLING_KEY}"}}}. Its texts may name environment variables, and beside "headers" there may be "queryParameters", "basic" (with "username" and "password") and "allowedAddresses".',
    "State machines, executions and activities are kept in the store: they are there again after a restart, and executions go on.",
  ],
  examples: [
    "daruma serve --step-functions 8083",
    "daruma serve --step-functions 8083 --handlers tasks.ts --store sqlite:./machines.db",
    "BILLING_KEY=… daruma serve --step-functions 8083 --connections connections.json",
  ],
  run: work,
};

async function work(context: Context): Promise<number> {
  const { io } = context;
  const options = await optionsOf(context);
  const ended = Promise.withResolvers<EndSignal>();
  let count = 0;
  const off = io.onEndSignal((signal) => {
    if (count++ > 0) io.exit(128 + signalNumbers[signal]);
    ended.resolve(signal);
  });
  // Other commands need not wait for what this one takes.
  const { openStepFunctions } = await import("../../embedded/step-functions.ts");
  const reached = await reach(context, () => openStepFunctions(context.store, options));
  if (reached.at === "there") {
    await reached.client.close();
    throw busyError(context.store, reached.process);
  }
  announce(context, reached.opened, options.bind ?? "127.0.0.1");
  await ended.promise;
  if (!context.json) context.tell("Ending: running tasks may finish. The same signal again ends at once.");
  await reached.opened.close();
  off();
  return exitCodes.done;
}

function announce(context: Context, { port }: ServedStepFunctions, bind: string): void {
  const name = bind === "127.0.0.1" || bind === "0.0.0.0" ? "localhost" : bind;
  const [endpoint, syncEndpoint] = [`http://${name}:${port}`, `http://sync-${name}:${port}`];
  const { pid } = context.io;
  if (context.json) return context.emit({ type: "ready", pid, endpoint, syncEndpoint, store: context.store });
  context.tell(
    [
      `The AWS Step Functions API is at ${endpoint}, on ${printable(context.store)}. Ctrl-C ends it.`,
      `  aws stepfunctions list-state-machines --endpoint-url ${endpoint}`,
      `AWS's clients send StartSyncExecution and TestState to ${syncEndpoint}: add "127.0.0.1 sync-${name}" to /etc/hosts,`,
      "or set disableHostPrefix: true (SDK for JavaScript), inject_host_prefix=False (botocore).",
    ].join("\n"),
  );
}

async function optionsOf(context: Context): Promise<ServeOptions> {
  return {
    port: portOf(context),
    bind: context.text("bind"),
    hosts: context.text("allow-host")?.split(",") ?? [],
    account: accountOf(context),
    region: context.text("region") ?? "us-east-1",
    awsLimits: !context.flag("no-aws-limits"),
    lambdaEndpoint: urlOf(context, "lambda-endpoint"),
    s3Endpoint: urlOf(context, "s3-endpoint"),
    handlers: await handlersOf(context.text("handlers"), importModule),
    connections: connectionsOf(context),
    allowedAddresses: allowedOf(context),
    files: { root: process.cwd() },
    drain: context.duration("drain") ?? "2s",
    log: logOf(context),
    telemetry: telemetryLines(context),
  };
}

/** @throws DarumaError DRM-USAGE */
function portOf(context: Context): number {
  const found = context.text("step-functions");
  if (found !== undefined && /^\d{1,5}$/u.test(found) && Number(found) < 65_536) return Number(found);
  throw usageError("The option --step-functions needs a port.", {
    expected: "a number from 0 to 65535",
    ...(found === undefined ? {} : { found }),
  });
}

/** @throws DarumaError DRM-USAGE */
function accountOf(context: Context): string {
  const account = context.text("account") ?? "123456789012";
  if (/^\d{12}$/u.test(account)) return account;
  throw usageError("The option --account needs an account's number.", {
    expected: "12 digits",
    found: account,
  });
}

/** @throws DarumaError DRM-USAGE */
function urlOf(context: Context, name: string): string | undefined {
  const found = context.text(name);
  if (found === undefined || /^https?:$/u.test(URL.parse(found)?.protocol ?? "")) return found;
  throw usageError(`The option --${name} needs a URL.`, { expected: "http://HOST:PORT", found });
}

/** @throws DarumaError DRM-USAGE */
function connectionsOf(context: Context): Connections | undefined {
  const path = context.text("connections");
  return path === undefined ? undefined : readConnections(path, process.env);
}

/** @throws DarumaError DRM-USAGE */
function allowedOf(context: Context): readonly string[] | undefined {
  const found = context.text("allow-address");
  return found === undefined ? undefined : addressesIn(found, "allow-address");
}

function logOf(context: Context): ServeOptions["log"] {
  const place = context.text("log-executions");
  if (place === undefined) return undefined;
  if (place === "-") return (line) => context.io.stdout.write(line);
  const file = createWriteStream(place, { flags: "a", mode: 0o600 });
  file.on("error", (error) => context.tell(`The log of executions cannot be written: ${error.message}`));
  return (line) =>
    new Promise((resolve, reject) => {
      file.write(line, (error) => (error ? reject(error) : resolve()));
    });
}
